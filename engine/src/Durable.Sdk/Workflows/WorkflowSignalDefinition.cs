using System.Collections.Concurrent;
using System.Reflection;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Workflows;

/// <summary>A signal handler: a method with the attribute, or a delegate set while the workflow runs.</summary>
public class WorkflowSignalDefinition
{
    private static readonly ConcurrentDictionary<MethodInfo, WorkflowSignalDefinition> Definitions = new();

    private WorkflowSignalDefinition(string? name, string? description, HandlerUnfinishedPolicy unfinishedPolicy, HandlerInvoker invoker)
    {
        if (name?.StartsWith(HandlerNames.ReservedPrefix, StringComparison.Ordinal) == true)
        {
            throw new ArgumentException($"Signal handler name {name} cannot start with {HandlerNames.ReservedPrefix}");
        }
        Name = name;
        Description = description;
        UnfinishedPolicy = unfinishedPolicy;
        Invoker = invoker;
    }

    /// <summary>Null: dynamic.</summary>
    public string? Name { get; }

    public string? Description { get; }

    public bool Dynamic => Name is null;

    internal HandlerUnfinishedPolicy UnfinishedPolicy { get; }

    internal HandlerInvoker Invoker { get; }

    /// <exception cref="ArgumentException">The method cannot be a signal handler.</exception>
    public static WorkflowSignalDefinition FromMethod(MethodInfo method)
    {
        if (!method.IsPublic)
        {
            throw new ArgumentException($"WorkflowSignal method {method} must be public");
        }
        if (method.IsStatic)
        {
            throw new ArgumentException($"WorkflowSignal method {method} cannot be static");
        }
        return Definitions.GetOrAdd(method, Create);
    }

    /// <param name="name">Null: dynamic.</param>
    /// <exception cref="ArgumentException">The delegate cannot be a signal handler.</exception>
    public static WorkflowSignalDefinition CreateWithoutAttribute(
        string? name,
        Delegate del,
        HandlerUnfinishedPolicy unfinishedPolicy = HandlerUnfinishedPolicy.WarnAndAbandon,
        string? description = null)
    {
        Check(del.Method, dynamic: name is null);
        return new(name, description, unfinishedPolicy, new HandlerInvoker(del));
    }

    internal static string NameFromMethodForCall(MethodInfo method) =>
        FromMethod(method).Name ?? throw new ArgumentException($"{method} cannot be used directly since it is a dynamic signal");

    private static WorkflowSignalDefinition Create(MethodInfo method)
    {
        var attribute = method.GetCustomAttribute<WorkflowSignalAttribute>(false) ??
            throw new ArgumentException($"{method} missing WorkflowSignal attribute");
        Check(method, attribute.Dynamic);
        if (attribute is { Dynamic: true, Name: not null })
        {
            throw new ArgumentException($"WorkflowSignal method {method} cannot be dynamic with custom name");
        }
        var name = attribute.Dynamic ? null : attribute.Name ?? HandlerNames.WithoutAsync(method.Name);
        return new(name, attribute.Description, attribute.UnfinishedPolicy, new HandlerInvoker(method));
    }

    private static void Check(MethodInfo method, bool dynamic)
    {
        if (method.ReturnType != typeof(Task))
        {
            throw new ArgumentException($"WorkflowSignal method {method} must return Task");
        }
        if (dynamic && !HandlerInvoker.TakesDynamicArguments(method, nameFirst: true))
        {
            throw new ArgumentException($"WorkflowSignal method {method} must accept string and an array of IRawValue");
        }
    }
}
