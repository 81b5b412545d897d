using System.Diagnostics.CodeAnalysis;
using Temporalio.Activities;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Common;

/// <summary>What a <see cref="SimplePlugin"/> adds. Each "…Option" is the same as its plain twin, with a function to change what is there.</summary>
public class SimplePluginOptions : ICloneable
{
    public SimplePluginOptions()
    {
    }

    public IList<ActivityDefinition> Activities { get; private set; } = [];

    public IList<WorkflowDefinition> Workflows { get; private set; } = [];

    /// <summary>Replaces that of clients and replayers.</summary>
    public DataConverter? DataConverter
    {
        get => DataConverterOption?.Constant;
        set => DataConverterOption = value is null ? null : new(value);
    }

    public SimplePluginOption<DataConverter>? DataConverterOption { get; set; }

    /// <summary>Come after those that are there.</summary>
    public IReadOnlyCollection<IClientInterceptor>? ClientInterceptors
    {
        get => ClientInterceptorsOption?.Constant;
        set => ClientInterceptorsOption = new(value);
    }

    public SimplePluginOption<IReadOnlyCollection<IClientInterceptor>?>? ClientInterceptorsOption { get; set; }

    /// <summary>Come after those that are there.</summary>
    public IReadOnlyCollection<IWorkerInterceptor>? WorkerInterceptors
    {
        get => WorkerInterceptorsOption?.Constant;
        set => WorkerInterceptorsOption = new(value);
    }

    public SimplePluginOption<IReadOnlyCollection<IWorkerInterceptor>?>? WorkerInterceptorsOption { get; set; }

    public IReadOnlyCollection<Type>? WorkflowFailureExceptionTypes
    {
        get => WorkflowFailureExceptionTypesOption?.Constant;
        set => WorkflowFailureExceptionTypesOption = new(value);
    }

    public SimplePluginOption<IReadOnlyCollection<Type>?>? WorkflowFailureExceptionTypesOption { get; set; }

    /// <summary>Runs before a worker or a replay.</summary>
    public Func<Task>? RunContextBefore { get; set; }

    /// <summary>Runs after a worker or a replay, however it ended.</summary>
    public Func<Task>? RunContextAfter { get; set; }

    public SimplePluginOptions AddActivity(Delegate del) => AddActivity(ActivityDefinition.Create(del));

    public SimplePluginOptions AddActivity(ActivityDefinition definition)
    {
        Activities.Add(definition);
        return this;
    }

    public SimplePluginOptions AddAllActivities<[DynamicallyAccessedMembers(ActivityDefinition.Members)] T>(T? instance) => AddAllActivities(typeof(T), instance);

    public SimplePluginOptions AddAllActivities([DynamicallyAccessedMembers(ActivityDefinition.Members)] Type type, object? instance)
    {
        foreach (var definition in ActivityDefinition.CreateAll(type, instance))
        {
            AddActivity(definition);
        }
        return this;
    }

    public SimplePluginOptions AddWorkflow<[DynamicallyAccessedMembers(WorkflowDefinition.NeededMembers)] T>() => AddWorkflow(WorkflowDefinition.Create<T>());

    public SimplePluginOptions AddWorkflow([DynamicallyAccessedMembers(WorkflowDefinition.NeededMembers)] Type type) => AddWorkflow(WorkflowDefinition.Create(type));

    public SimplePluginOptions AddWorkflow(WorkflowDefinition definition)
    {
        Workflows.Add(definition);
        return this;
    }

    /// <summary>A copy with lists of its own.</summary>
    public virtual object Clone()
    {
        var copy = (SimplePluginOptions)MemberwiseClone();
        copy.Activities = [.. Activities];
        copy.Workflows = [.. Workflows];
        return copy;
    }

    /// <summary>A value, or a function of what is there already.</summary>
    public class SimplePluginOption<T>
    {
        public SimplePluginOption(T? value) => Constant = value;

        public SimplePluginOption(Func<T, T> value)
        {
            Configurable = value;
        }

        public Func<T, T>? Configurable { get; }

        public T? Constant { get; }
    }
}
