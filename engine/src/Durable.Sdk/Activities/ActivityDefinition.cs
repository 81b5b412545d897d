using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
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
        return CreateWithoutAttribute(attribute.Dynamic ? null : attribute.Name ?? NameOf(method), method, invoker);
    }

    /// <param name="name">Null: dynamic.</param>
    public static ActivityDefinition Create(
        string? name, Type returnType, IReadOnlyCollection<Type> parameterTypes, int requiredParameterCount, Func<object?[], object?> invoker)
    {
        if (requiredParameterCount > parameterTypes.Count)
        {
            throw new ArgumentException($"Activity {name} has more required parameters than parameters", nameof(requiredParameterCount));
        }
        return new(name, returnType, parameterTypes, requiredParameterCount, new object?[parameterTypes.Count], invoker, null);
    }

    /// <summary>From any method.</summary>
    /// <param name="name">Null: dynamic.</param>
    /// <exception cref="ArgumentException">The method cannot be an activity.</exception>
    public static ActivityDefinition CreateWithoutAttribute(string? name, MethodInfo method, Func<object?[], object?> invoker)
    {
        if (method.ContainsGenericParameters)
        {
            throw new ArgumentException($"{method} with Activity contains generic parameters");
        }
        if (name is null && !HandlerInvoker.TakesDynamicArguments(method, nameFirst: false))
        {
            throw new ArgumentException($"{method} must accept an array of IRawValue");
        }
        var parameters = method.GetParameters();
        if (Array.Exists(parameters, static parameter => parameter.ParameterType.IsByRef))
        {
            throw new ArgumentException($"{method} has disallowed ref/out parameter");
        }
        return new(
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
    public static IReadOnlyCollection<ActivityDefinition> CreateAll<[DynamicallyAccessedMembers(Members)] T>(T instance) => CreateAll(typeof(T), instance);

    /// <summary>Of all methods with the attribute.</summary>
    /// <param name="instance">Null: static methods only.</param>
    /// <exception cref="ArgumentException">There is none, or one needs an instance.</exception>
    public static IReadOnlyCollection<ActivityDefinition> CreateAll([DynamicallyAccessedMembers(Members)] Type type, object? instance)
    {
        var definitions = new List<ActivityDefinition>();
        foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.FlattenHierarchy))
        {
            if (!method.IsDefined(typeof(ActivityAttribute), false))
            {
                continue;
            }
            if (!method.IsStatic && instance is null)
            {
                throw new ArgumentException($"Instance not provided, but activity method {method} is non-static");
            }
            var invoker = MethodInvoker.Create(method);
            definitions.Add(Create(method, args => invoker.Invoke(instance, args.AsSpan())));
        }
        return definitions.Count > 0 ? definitions : throw new ArgumentException($"No activities found on {type}", nameof(type));
    }

    /// <summary>Runs the activity; missing arguments take their defaults.</summary>
    /// <returns>Null for an activity without result.</returns>
    public async Task<object?> InvokeAsync(object?[] parameters)
    {
        if (parameters.Length < defaults.Length)
        {
            parameters = [.. parameters, .. defaults.AsSpan(parameters.Length)];
        }
        var result = invoker(parameters);
        if (result is not Task task)
        {
            return result;
        }
        await task.ConfigureAwait(false);
        return ReturnType == typeof(Task) ? null : TaskResult.Of(task);
    }

    internal const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;

    internal static string NameOf(MethodInfo method)
    {
        if (method.Name.Contains('<', StringComparison.Ordinal))
        {
            throw new ArgumentException($"{method} appears to be a lambda which must have a name given on the attribute");
        }
        return typeof(Task).IsAssignableFrom(method.ReturnType) ? HandlerNames.WithoutAsync(method.Name) : method.Name;
    }
}
