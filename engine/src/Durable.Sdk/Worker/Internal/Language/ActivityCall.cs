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
        return (Names.GetOrAdd(method, ActivityDefinition.NameForCall), args);
    }
}
