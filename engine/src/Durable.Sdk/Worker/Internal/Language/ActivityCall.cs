using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Temporalio.Activities;

namespace Temporalio.Worker.Internal.Language;

/// <summary>The name and arguments of an activity from a call of its method.</summary>
internal static class ActivityCall
{
    private static readonly ConcurrentDictionary<MethodInfo, string> Names = new();

    /// <exception cref="ArgumentException">The method is no activity, or a dynamic one.</exception>
    public static (string Name, IReadOnlyCollection<object?> Args) Of(LambdaExpression call)
    {
        var (method, args) = CallExpression.Of(call);
        return (Names.GetOrAdd(method, NameOf), args);
    }

    private static string NameOf(MethodInfo method)
    {
        var attribute = method.GetCustomAttribute<ActivityAttribute>(false) ??
            throw new ArgumentException($"{method} missing Activity attribute");
        if (attribute.Dynamic)
        {
            throw new ArgumentException($"{method} cannot be used directly since it is a dynamic activity");
        }
        if (attribute.Name is { } name)
        {
            return name;
        }
        return typeof(Task).IsAssignableFrom(method.ReturnType) ? HandlerNames.WithoutAsync(method.Name) : method.Name;
    }
}
