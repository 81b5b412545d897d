using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Temporalio.Workflows;

namespace Temporalio.Extensions.Hosting;

/// <summary>What a hosted worker runs.</summary>
public static class TemporalWorkerServiceOptionsBuilderExtensions
{
    private const DynamicallyAccessedMemberTypes ActivityMembers =
        DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods | DynamicallyAccessedMemberTypes.PublicConstructors;

    private const DynamicallyAccessedMemberTypes WorkflowMembers = DynamicallyAccessedMemberTypes.All;

    /// <summary>Registers the type as scoped, unless it is registered, and adds its activities: each attempt gets an object of its own.</summary>
    public static ITemporalWorkerServiceOptionsBuilder AddScopedActivities<[DynamicallyAccessedMembers(ActivityMembers)] T>(
        this ITemporalWorkerServiceOptionsBuilder builder) => builder.AddScopedActivities(typeof(T));

    /// <inheritdoc cref="AddScopedActivities{T}"/>
    public static ITemporalWorkerServiceOptionsBuilder AddScopedActivities(
        this ITemporalWorkerServiceOptionsBuilder builder, [DynamicallyAccessedMembers(ActivityMembers)] Type type)
    {
        builder.Services.TryAddScoped(type);
        return builder.ApplyTemporalActivities(type);
    }

    /// <summary>Registers the type as singleton, unless it is registered, and adds its activities.</summary>
    public static ITemporalWorkerServiceOptionsBuilder AddSingletonActivities<[DynamicallyAccessedMembers(ActivityMembers)] T>(
        this ITemporalWorkerServiceOptionsBuilder builder) => builder.AddSingletonActivities(typeof(T));

    /// <inheritdoc cref="AddSingletonActivities{T}"/>
    public static ITemporalWorkerServiceOptionsBuilder AddSingletonActivities(
        this ITemporalWorkerServiceOptionsBuilder builder, [DynamicallyAccessedMembers(ActivityMembers)] Type type)
    {
        builder.Services.TryAddSingleton(type);
        return builder.ApplyTemporalActivities(type);
    }

    /// <summary>Registers the type as transient, unless it is registered, and adds its activities.</summary>
    public static ITemporalWorkerServiceOptionsBuilder AddTransientActivities<[DynamicallyAccessedMembers(ActivityMembers)] T>(
        this ITemporalWorkerServiceOptionsBuilder builder) => builder.AddTransientActivities(typeof(T));

    /// <inheritdoc cref="AddTransientActivities{T}"/>
    public static ITemporalWorkerServiceOptionsBuilder AddTransientActivities(
        this ITemporalWorkerServiceOptionsBuilder builder, [DynamicallyAccessedMembers(ActivityMembers)] Type type)
    {
        builder.Services.TryAddTransient(type);
        return builder.ApplyTemporalActivities(type);
    }

    /// <summary>Adds the activities of a type that has only static ones.</summary>
    public static ITemporalWorkerServiceOptionsBuilder AddStaticActivities<[DynamicallyAccessedMembers(ActivityMembers)] T>(
        this ITemporalWorkerServiceOptionsBuilder builder) => builder.AddStaticActivities(typeof(T));

    /// <inheritdoc cref="AddStaticActivities{T}"/>
    public static ITemporalWorkerServiceOptionsBuilder AddStaticActivities(
        this ITemporalWorkerServiceOptionsBuilder builder, [DynamicallyAccessedMembers(ActivityMembers)] Type type) =>
        builder.ConfigureOptions(options => options.AddAllActivities(type, null));

    /// <summary>Adds the activities of an object. No scope is made for them.</summary>
    public static ITemporalWorkerServiceOptionsBuilder AddActivitiesInstance<[DynamicallyAccessedMembers(ActivityMembers)] T>(
        this ITemporalWorkerServiceOptionsBuilder builder, T instance)
        where T : notnull => builder.AddActivitiesInstance(typeof(T), instance);

    /// <inheritdoc cref="AddActivitiesInstance{T}"/>
    public static ITemporalWorkerServiceOptionsBuilder AddActivitiesInstance(
        this ITemporalWorkerServiceOptionsBuilder builder, [DynamicallyAccessedMembers(ActivityMembers)] Type type, object instance) =>
        builder.ConfigureOptions(options => options.AddAllActivities(type, instance));

    /// <summary>Adds the activities of a type that the service collection knows already.</summary>
    public static ITemporalWorkerServiceOptionsBuilder ApplyTemporalActivities<[DynamicallyAccessedMembers(ActivityMembers)] T>(
        this ITemporalWorkerServiceOptionsBuilder builder) => builder.ApplyTemporalActivities(typeof(T));

    /// <inheritdoc cref="ApplyTemporalActivities{T}"/>
    public static ITemporalWorkerServiceOptionsBuilder ApplyTemporalActivities(
        this ITemporalWorkerServiceOptionsBuilder builder, [DynamicallyAccessedMembers(ActivityMembers)] Type type)
    {
        builder.ConfigureOptions().PostConfigure<IServiceProvider>((options, provider) =>
        {
            foreach (var definition in provider.CreateTemporalActivityDefinitions(type))
            {
                options.AddActivity(definition);
            }
        });
        return builder;
    }

    public static ITemporalWorkerServiceOptionsBuilder AddWorkflow<[DynamicallyAccessedMembers(WorkflowMembers)] T>(
        this ITemporalWorkerServiceOptionsBuilder builder) => builder.AddWorkflow(typeof(T));

    public static ITemporalWorkerServiceOptionsBuilder AddWorkflow(
        this ITemporalWorkerServiceOptionsBuilder builder, [DynamicallyAccessedMembers(WorkflowMembers)] Type type)
    {
        var definition = WorkflowDefinition.Create(type);
        return builder.ConfigureOptions(options => options.AddWorkflow(definition));
    }

    /// <summary>The worker's options, to bind or configure further.</summary>
    /// <inheritdoc cref="ConfigureOptions(ITemporalWorkerServiceOptionsBuilder, Action{TemporalWorkerServiceOptions}, bool)"/>
    public static OptionsBuilder<TemporalWorkerServiceOptions> ConfigureOptions(
        this ITemporalWorkerServiceOptionsBuilder builder, bool disallowDuplicates = false)
    {
        var identifier = TemporalWorkerServiceIdentifier.Of(builder);
        var name = identifier.OptionsName;
        if (disallowDuplicates && builder.Services.Any(service =>
            service.ServiceType == typeof(IConfigureOptions<TemporalWorkerServiceOptions>) &&
            service.ImplementationInstance is ConfigureNamedOptions<TemporalWorkerServiceOptions> configured &&
            configured.Name == name))
        {
            throw new InvalidOperationException($"Worker service for task queue '{builder.TaskQueue}' and version '{identifier.Version ?? "<unset>"}' already on collection");
        }
        return builder.Services.AddOptions<TemporalWorkerServiceOptions>(name);
    }

    /// <param name="disallowDuplicates">Whether it is an error that the options of this worker were configured before.</param>
    /// <exception cref="InvalidOperationException">They were, and that is not allowed.</exception>
    public static ITemporalWorkerServiceOptionsBuilder ConfigureOptions(
        this ITemporalWorkerServiceOptionsBuilder builder, Action<TemporalWorkerServiceOptions> configure, bool disallowDuplicates = false)
    {
        builder.ConfigureOptions(disallowDuplicates).Configure(configure);
        return builder;
    }
}
