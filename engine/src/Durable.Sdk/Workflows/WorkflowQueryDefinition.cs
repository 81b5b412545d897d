using System.Collections.Concurrent;
using System.Reflection;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Workflows;

/// <summary>A query handler: a method or property with the attribute, or a delegate set while the workflow runs.</summary>
public class WorkflowQueryDefinition
{
    private static readonly ConcurrentDictionary<MethodInfo, WorkflowQueryDefinition> MethodDefinitions = new();
    private static readonly ConcurrentDictionary<PropertyInfo, WorkflowQueryDefinition> PropertyDefinitions = new();
    private static readonly string[] ReservedPrefixes = [HandlerNames.ReservedPrefix, "__stack_trace", "__enhanced_stack_trace"];

    private WorkflowQueryDefinition(string? name, string? description, HandlerInvoker invoker)
    {
        if (name is not null && Array.Find(ReservedPrefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } reserved)
        {
            throw new ArgumentException($"Query handler name {name} cannot start with {reserved}");
        }
        Name = name;
        Description = description;
        Invoker = invoker;
    }

    /// <summary>Null: dynamic.</summary>
    public string? Name { get; }

    public string? Description { get; }

    public bool Dynamic => Name is null;

    internal HandlerInvoker Invoker { get; }

    /// <exception cref="ArgumentException">The method cannot be a query handler.</exception>
    public static WorkflowQueryDefinition FromMethod(MethodInfo method)
    {
        if (!method.IsPublic)
        {
            throw new ArgumentException($"WorkflowQuery method {method} must be public");
        }
        if (method.IsStatic)
        {
            throw new ArgumentException($"WorkflowQuery method {method} cannot be static");
        }
        return MethodDefinitions.GetOrAdd(method, Create);
    }

    /// <exception cref="ArgumentException">The property cannot be a query handler.</exception>
    public static WorkflowQueryDefinition FromProperty(PropertyInfo property) => PropertyDefinitions.GetOrAdd(property, Create);

    /// <param name="name">Null: dynamic.</param>
    /// <exception cref="ArgumentException">The delegate cannot be a query handler.</exception>
    public static WorkflowQueryDefinition CreateWithoutAttribute(string? name, Delegate del, string? description = null)
    {
        Check(del.Method, dynamic: name is null);
        return new(name, description, new HandlerInvoker(del));
    }

    internal static string NameFromMethodForCall(MethodInfo method) =>
        FromMethod(method).Name ?? throw new ArgumentException($"{method} cannot be used directly since it is a dynamic query");

    internal static string NameFromPropertyForCall(PropertyInfo property) => FromProperty(property).Name!;

    private static WorkflowQueryDefinition Create(MethodInfo method)
    {
        var attribute = method.GetCustomAttribute<WorkflowQueryAttribute>(false) ??
            throw new ArgumentException($"{method} missing WorkflowQuery attribute");
        Check(method, attribute.Dynamic);
        if (attribute is { Dynamic: true, Name: not null })
        {
            throw new ArgumentException($"WorkflowQuery method {method} cannot be dynamic with custom name");
        }
        return new(attribute.Dynamic ? null : attribute.Name ?? method.Name, attribute.Description, new HandlerInvoker(method));
    }

    private static WorkflowQueryDefinition Create(PropertyInfo property)
    {
        var attribute = property.GetCustomAttribute<WorkflowQueryAttribute>(false) ??
            throw new ArgumentException($"{property} missing WorkflowQuery attribute");
        var getter = property.GetGetMethod() ?? throw new ArgumentException($"WorkflowQuery property {property} must have public getter");
        if (getter.IsStatic)
        {
            throw new ArgumentException($"WorkflowQuery property {property} cannot be static");
        }
        if (attribute.Dynamic)
        {
            throw new ArgumentException($"WorkflowQuery property {property} cannot be dynamic");
        }
        return new(attribute.Name ?? property.Name, attribute.Description, new HandlerInvoker(getter));
    }

    private static void Check(MethodInfo method, bool dynamic)
    {
        if (method.ReturnType == typeof(void))
        {
            throw new ArgumentException($"WorkflowQuery method {method} must return a value");
        }
        if (typeof(Task).IsAssignableFrom(method.ReturnType))
        {
            throw new ArgumentException($"WorkflowQuery method {method} cannot return a Task");
        }
        if (dynamic && !HandlerInvoker.TakesDynamicArguments(method, nameFirst: true))
        {
            throw new ArgumentException($"WorkflowQuery method {method} must accept string and an array of IRawValue");
        }
    }
}
