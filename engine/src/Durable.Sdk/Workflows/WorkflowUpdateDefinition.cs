using System.Collections.Concurrent;
using System.Reflection;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Workflows;

/// <summary>An update handler with its validator: methods with the attributes, or delegates set while the workflow runs.</summary>
public class WorkflowUpdateDefinition
{
    private static readonly ConcurrentDictionary<(MethodInfo Method, MethodInfo? Validator), WorkflowUpdateDefinition> Definitions = new();

    private WorkflowUpdateDefinition(
        string? name, string? description, HandlerUnfinishedPolicy unfinishedPolicy, HandlerInvoker invoker, HandlerInvoker? validator)
    {
        if (name?.StartsWith(HandlerNames.ReservedPrefix, StringComparison.Ordinal) == true)
        {
            throw new ArgumentException($"Update handler name {name} cannot start with {HandlerNames.ReservedPrefix}");
        }
        Name = name;
        Description = description;
        UnfinishedPolicy = unfinishedPolicy;
        Invoker = invoker;
        Validator = validator;
    }

    /// <summary>Null: dynamic.</summary>
    public string? Name { get; }

    public string? Description { get; }

    public bool Dynamic => Name is null;

    internal HandlerUnfinishedPolicy UnfinishedPolicy { get; }

    internal HandlerInvoker Invoker { get; }

    internal HandlerInvoker? Validator { get; }

    /// <exception cref="ArgumentException">The method cannot be an update handler, or the validator does not fit it.</exception>
    public static WorkflowUpdateDefinition FromMethod(MethodInfo method, MethodInfo? validatorMethod = null)
    {
        CheckInstanceMethod(method, "WorkflowUpdate");
        if (validatorMethod is not null)
        {
            CheckInstanceMethod(validatorMethod, "WorkflowUpdateValidator");
        }
        return Definitions.GetOrAdd((method, validatorMethod), static key => Create(key.Method, key.Validator));
    }

    /// <param name="name">Null: dynamic.</param>
    /// <exception cref="ArgumentException">The delegate cannot be an update handler, or the validator does not fit it.</exception>
    public static WorkflowUpdateDefinition CreateWithoutAttribute(
        string? name,
        Delegate del,
        Delegate? validatorDel = null,
        HandlerUnfinishedPolicy unfinishedPolicy = HandlerUnfinishedPolicy.WarnAndAbandon,
        string? description = null)
    {
        Check(del.Method, dynamic: name is null, validatorDel?.Method);
        return new(name, description, unfinishedPolicy, new HandlerInvoker(del), validatorDel is null ? null : new HandlerInvoker(validatorDel));
    }

    internal static string NameFromMethodForCall(MethodInfo method) =>
        FromMethod(method).Name ?? throw new ArgumentException($"{method} cannot be used directly since it is a dynamic update");

    private static WorkflowUpdateDefinition Create(MethodInfo method, MethodInfo? validator)
    {
        var attribute = method.GetCustomAttribute<WorkflowUpdateAttribute>(false) ??
            throw new ArgumentException($"{method} missing WorkflowUpdate attribute");
        Check(method, attribute.Dynamic, validator);
        if (attribute is { Dynamic: true, Name: not null })
        {
            throw new ArgumentException($"WorkflowUpdate method {method} cannot be dynamic with custom name");
        }
        var name = attribute.Dynamic ? null : attribute.Name ?? HandlerNames.WithoutAsync(method.Name);
        return new(
            name, attribute.Description, attribute.UnfinishedPolicy, new HandlerInvoker(method), validator is null ? null : new HandlerInvoker(validator));
    }

    private static void CheckInstanceMethod(MethodInfo method, string attribute)
    {
        if (!method.IsPublic)
        {
            throw new ArgumentException($"{attribute} method {method} must be public");
        }
        if (method.IsStatic)
        {
            throw new ArgumentException($"{attribute} method {method} cannot be static");
        }
    }

    private static void Check(MethodInfo method, bool dynamic, MethodInfo? validator)
    {
        if (!typeof(Task).IsAssignableFrom(method.ReturnType))
        {
            throw new ArgumentException($"WorkflowUpdate method {method} must return Task");
        }
        if (dynamic && !HandlerInvoker.TakesDynamicArguments(method, nameFirst: true))
        {
            throw new ArgumentException($"WorkflowUpdate method {method} must accept string and an array of IRawValue");
        }
        if (validator is null)
        {
            return;
        }
        if (validator.ReturnType != typeof(void))
        {
            throw new ArgumentException($"WorkflowUpdateValidator method {validator} must be void");
        }
        if (!validator.GetParameters().Select(static parameter => parameter.ParameterType)
            .SequenceEqual(method.GetParameters().Select(static parameter => parameter.ParameterType)))
        {
            throw new ArgumentException($"WorkflowUpdateValidator method {validator} must have the same parameters as {method}");
        }
    }
}
