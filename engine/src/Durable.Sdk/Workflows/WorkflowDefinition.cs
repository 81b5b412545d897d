using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Temporalio.Common;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Workflows;

/// <summary>A workflow type: its run method and handlers, found once.</summary>
public partial class WorkflowDefinition
{
    /// <summary>What has to survive trimming of a workflow type.</summary>
    internal const DynamicallyAccessedMemberTypes NeededMembers =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors |
        DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods |
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.NonPublicProperties |
        DynamicallyAccessedMemberTypes.Interfaces;

    private static readonly ConcurrentDictionary<Type, WorkflowDefinition> Definitions = new();
    private static readonly ConcurrentDictionary<MethodInfo, string> RunMethodNames = new();

    private readonly Func<object?[], object>? creator;

    private WorkflowDefinition(WorkflowDefinitionReader members, string? name, Func<object?[], object>? creator)
    {
        Name = name;
        Type = members.Type;
        RunMethod = members.RunMethod!;
        RunInvoker = new HandlerInvoker(RunMethod);
        this.creator = creator;
        FailureExceptionTypes = members.Attribute.FailureExceptionTypes;
        Signals = members.Signals;
        DynamicSignal = members.DynamicSignal;
        Queries = members.Queries;
        DynamicQuery = members.DynamicQuery;
        Updates = members.Updates;
        DynamicUpdate = members.DynamicUpdate;
        VersioningBehavior = members.Attribute.VersioningBehavior;
        DynamicOptionsGetter = members.DynamicOptions;
    }

    /// <summary>Null: dynamic.</summary>
    public string? Name { get; }

    public Type Type { get; }

    public MethodInfo RunMethod { get; }

    /// <summary>False for interfaces and for classes without a constructor that the worker can call.</summary>
    public bool Instantiable => creator is not null;

    public IReadOnlyDictionary<string, WorkflowSignalDefinition> Signals { get; }

    public WorkflowSignalDefinition? DynamicSignal { get; }

    public IReadOnlyDictionary<string, WorkflowQueryDefinition> Queries { get; }

    public WorkflowQueryDefinition? DynamicQuery { get; }

    public IReadOnlyDictionary<string, WorkflowUpdateDefinition> Updates { get; }

    public WorkflowUpdateDefinition? DynamicUpdate { get; }

    public bool Dynamic => Name is null;

    public Type[]? FailureExceptionTypes { get; }

    public VersioningBehavior? VersioningBehavior { get; }

    /// <summary>Reads the options of a dynamic workflow from its instance.</summary>
    public Func<object?, WorkflowDefinitionOptions>? DynamicOptionsGetter { get; }

    internal HandlerInvoker RunInvoker { get; }

    /// <inheritdoc cref="Create(Type)"/>
    public static WorkflowDefinition Create<[DynamicallyAccessedMembers(NeededMembers)] T>() => Create(typeof(T));

    /// <summary>The definition of a type with <see cref="WorkflowAttribute"/>; made once per type.</summary>
    /// <exception cref="ArgumentException">The type is no workflow.</exception>
    /// <exception cref="AggregateException">It is a wrong one: an <see cref="ArgumentException"/> for each reason.</exception>
    public static WorkflowDefinition Create([DynamicallyAccessedMembers(NeededMembers)] Type type) =>
        Definitions.TryGetValue(type, out var definition) ? definition : Definitions.GetOrAdd(type, Create(type, null, null));

    /// <summary>A definition with a name or a way to make instances of its own.</summary>
    /// <param name="nameOverride">Null: the name from the attribute or type.</param>
    /// <param name="creatorOverride">Makes the instance from the workflow's arguments; null: the constructor.</param>
    /// <exception cref="ArgumentException">The type is no workflow.</exception>
    /// <exception cref="AggregateException">It is a wrong one: an <see cref="ArgumentException"/> for each reason.</exception>
    public static WorkflowDefinition Create(
        [DynamicallyAccessedMembers(NeededMembers)] Type type,
        string? nameOverride,
        Func<object?[], object>? creatorOverride)
    {
        var members = new WorkflowDefinitionReader(type);
        var name = nameOverride ?? members.Attribute.Name;
        if (members.Attribute.Dynamic)
        {
            if (name is not null)
            {
                members.Errors.Add("Cannot have custom name for dynamic workflow");
            }
        }
        else
        {
            name ??= DefaultName(type);
        }
        if (name?.StartsWith(HandlerNames.ReservedPrefix, StringComparison.Ordinal) == true)
        {
            members.Errors.Add($"Workflow name {name} cannot start with {HandlerNames.ReservedPrefix}");
        }
        if (members.InitConstructor is not null && creatorOverride is not null)
        {
            throw new ArgumentException("Cannot set creator for workflow with WorkflowInit constructor", nameof(creatorOverride));
        }
        members.ThrowIfWrong();
        return new(members, name, creatorOverride ?? members.Creator);
    }

    /// <exception cref="InvalidOperationException">Not <see cref="Instantiable"/>.</exception>
    public object CreateWorkflowInstance(object?[] workflowArguments) =>
        creator?.Invoke(workflowArguments) ?? throw new InvalidOperationException($"Cannot instantiate workflow type {Type}");

    /// <summary>The workflow type that a call of a run method means.</summary>
    /// <exception cref="ArgumentException">Not a run method, or one of a dynamic workflow.</exception>
    internal static string NameFromRunMethodForCall(MethodInfo method) => RunMethodNames.GetOrAdd(method, NameOfRunMethod);

    private static string NameOfRunMethod(MethodInfo method)
    {
        if (!method.IsDefined(typeof(WorkflowRunAttribute), false))
        {
            throw new ArgumentException($"{method} missing WorkflowRun attribute");
        }
        var type = method.ReflectedType ?? throw new ArgumentException($"{method} has no reflected type");
        var attribute = type.GetCustomAttribute<WorkflowAttribute>(false) ?? throw new ArgumentException($"{type} missing Workflow attribute");
        if (attribute.Dynamic)
        {
            throw new ArgumentException($"{type} cannot be used directly since it is a dynamic workflow");
        }
        return attribute.Name ?? DefaultName(type);
    }

    private static string DefaultName(Type type) =>
        type.IsInterface && type.Name.Length > 1 && type.Name[0] == 'I' && char.IsUpper(type.Name[1]) ? type.Name[1..] : type.Name;
}
