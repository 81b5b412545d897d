using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Temporalio.Converters;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Activities;

/// <summary>An activity that a worker can run.</summary>
public class ActivityDefinition
{
    private readonly Func<object?[], object?> invoker;
    private readonly object?[] defaults;

    private ActivityDefinition(
        string? name, Type returnType, IReadOnlyCollection<Type> parameterTypes, int requiredParameterCount, object?[] defaults,
        Func<object?[], object?> invoker, MethodInfo? methodInfo)
    {
        Name = name;
        ReturnType = returnType;
        ParameterTypes = parameterTypes;
        RequiredParameterCount = requiredParameterCount;
        this.defaults = defaults;
        this.invoker = invoker;
        MethodInfo = methodInfo;
    }

    /// <summary>Null: dynamic.</summary>
    public string? Name { get; }

    public bool Dynamic => Name is null;

    public Type ReturnType { get; }

    public IReadOnlyCollection<Type> ParameterTypes { get; }

    /// <summary>Fewer arguments fail the activity.</summary>
    public int RequiredParameterCount { get; }

    public MethodInfo? MethodInfo { get; }

    /// <summary>From a delegate whose method has the attribute.</summary>
    /// <exception cref="ArgumentException">It has not, or cannot be an activity.</exception>
    public static ActivityDefinition Create(Delegate del)
    {
        var method = MethodInvoker.Create(del.Method);
        return Create(del.Method, args => method.Invoke(del.Target, args.AsSpan()));
    }

    /// <summary>From a method that has the attribute.</summary>
    /// <exception cref="ArgumentException">It has not, or cannot be an activity.</exception>
    public static ActivityDefinition Create(MethodInfo method, Func<object?[], object?> invoker)
    {
        var attribute = method.GetCustomAttribute<ActivityAttribute>(false) ?? throw new ArgumentException($"{method} missing Activity attribute");
        return CreateWithoutAttribute(NameOf(method, attribute), method, invoker);
    }

    /// <param name="name">Null: dynamic.</param>
    public static ActivityDefinition Create(
        string? name, Type returnType, IReadOnlyCollection<Type> parameterTypes, int requiredParameterCount, Func<object?[], object?> invoker) =>
        Create(name, returnType, parameterTypes, requiredParameterCount, [], invoker, null);

    /// <summary>From any method.</summary>
    /// <param name="name">Null: dynamic.</param>
    /// <exception cref="ArgumentException">The method cannot be an activity.</exception>
    public static ActivityDefinition CreateWithoutAttribute(string? name, MethodInfo method, Func<object?[], object?> invoker)
    {
        if (method.ContainsGenericParameters)
        {
            throw new ArgumentException($"{method} with Activity contains generic parameters");
        }
        var parameters = method.GetParameters();
        return Create(
            name,
            method.ReturnType,
            Array.ConvertAll(parameters, static parameter => parameter.ParameterType),
            Array.FindLastIndex(parameters, static parameter => !parameter.HasDefaultValue) + 1,
            Array.ConvertAll(parameters, static parameter => parameter.HasDefaultValue ? parameter.DefaultValue : null),
            invoker,
            method);
    }

    /// <summary>Of all methods with the attribute.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="InvalidOperationException">One needs an instance.</exception>
    public static IReadOnlyCollection<ActivityDefinition> CreateAll<[DynamicallyAccessedMembers(Members)] T>(T? instance) => CreateAll(typeof(T), instance);

    /// <summary>Of all methods with the attribute.</summary>
    /// <param name="instance">Null: static methods only.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="InvalidOperationException">One needs an instance.</exception>
    public static IReadOnlyCollection<ActivityDefinition> CreateAll([DynamicallyAccessedMembers(Members)] Type type, object? instance)
    {
        var definitions = new List<ActivityDefinition>();
        foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance))
        {
            if (!method.IsDefined(typeof(ActivityAttribute), false))
            {
                continue;
            }
            if (!method.IsStatic && instance is null)
            {
                throw new InvalidOperationException($"Instance not provided, but activity method {method} is non-static");
            }
            var invoker = MethodInvoker.Create(method);
            definitions.Add(Create(method, args => invoker.Invoke(instance, args.AsSpan())));
        }
        return definitions.Count > 0 ? definitions : throw new ArgumentException($"No activities found on {type}", nameof(type));
    }

    /// <summary>Runs the activity; missing arguments take their defaults.</summary>
    /// <returns>Null for a method without result, an empty value for a task without one.</returns>
    public async Task<object?> InvokeAsync(object?[] parameters)
    {
        if (parameters.Length < defaults.Length)
        {
            parameters = [.. parameters, .. defaults.AsSpan(parameters.Length)];
        }
        object? result;
        try
        {
            result = invoker(parameters);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            // What the activity threw, not that reflection called it.
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
        if (result is not Task task)
        {
            return result;
        }
        await task.ConfigureAwait(false);
        return TaskResult.Of(task);
    }

    internal const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;

    /// <summary>The name that callers use.</summary>
    /// <exception cref="ArgumentException">No attribute, or a dynamic activity, which has no name.</exception>
    internal static string NameForCall(MethodInfo method)
    {
        var attribute = method.GetCustomAttribute<ActivityAttribute>(false) ?? throw new ArgumentException($"{method} missing Activity attribute");
        return NameOf(method, attribute) ?? throw new ArgumentException($"{method} cannot be used directly since it is a dynamic activity");
    }

    private static ActivityDefinition Create(
        string? name, Type returnType, IReadOnlyCollection<Type> parameterTypes, int requiredParameterCount, object?[] defaults,
        Func<object?[], object?> invoker, MethodInfo? methodInfo)
    {
        if (name?.StartsWith(HandlerNames.ReservedPrefix, StringComparison.Ordinal) == true)
        {
            throw new ArgumentException($"Activity name {name} cannot start with {HandlerNames.ReservedPrefix}");
        }
        if (name is null && (requiredParameterCount != 1 || parameterTypes.Count != 1 || parameterTypes.First() != typeof(IRawValue[])))
        {
            throw new ArgumentException("Dynamic activity must accept a required array of IRawValue");
        }
        if (requiredParameterCount > parameterTypes.Count)
        {
            throw new ArgumentException($"Activity {name} has more required parameters than parameters", nameof(requiredParameterCount));
        }
        if (parameterTypes.Any(static type => type.IsByRef))
        {
            throw new ArgumentException($"Activity {name} has disallowed ref/out parameter");
        }
        return new(name, returnType, parameterTypes, requiredParameterCount, defaults, invoker, methodInfo);
    }

    // Null: dynamic.
    private static string? NameOf(MethodInfo method, ActivityAttribute attribute)
    {
        if (attribute.Dynamic)
        {
            return attribute.Name is null ? null : throw new ArgumentException($"Activity {method} cannot be dynamic and have custom name");
        }
        if (attribute.Name is { } given)
        {
            return given;
        }
        var name = HandlerNames.OfLocalFunction(method.Name) ?? method.Name;
        if (name.Contains('<', StringComparison.Ordinal))
        {
            throw new ArgumentException($"{method} appears to be a lambda which must have a name given on the attribute");
        }
        return typeof(Task).IsAssignableFrom(method.ReturnType) ? HandlerNames.WithoutAsync(name) : name;
    }
}
