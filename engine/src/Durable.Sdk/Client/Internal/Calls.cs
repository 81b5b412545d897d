using System.Linq.Expressions;
using Temporalio.Worker.Internal.Language;
using Temporalio.Workflows;

namespace Temporalio.Client.Internal;

/// <summary>Names and arguments from call expressions.</summary>
internal static class Calls
{
    public static (string Name, IReadOnlyCollection<object?> Args) Run(LambdaExpression call)
    {
        var (method, args) = CallExpression.Of(call);
        return (WorkflowDefinition.NameFromRunMethodForCall(method), args);
    }

    public static (string Name, IReadOnlyCollection<object?> Args) Activity(LambdaExpression call) => ActivityCall.Of(call);

    public static (string Name, IReadOnlyCollection<object?> Args) Signal(LambdaExpression call)
    {
        var (method, args) = CallExpression.Of(call);
        return (WorkflowSignalDefinition.NameFromMethodForCall(method), args);
    }

    public static (string Name, IReadOnlyCollection<object?> Args) Update(LambdaExpression call)
    {
        var (method, args) = CallExpression.Of(call);
        return (WorkflowUpdateDefinition.NameFromMethodForCall(method), args);
    }

    /// <summary>A query may be a method or a property.</summary>
    public static (string Name, IReadOnlyCollection<object?> Args) Query<TWorkflow, TResult>(Expression<Func<TWorkflow, TResult>> call)
    {
        if (call.Body is MemberExpression { Member: System.Reflection.PropertyInfo property })
        {
            return (WorkflowQueryDefinition.NameFromPropertyForCall(property), []);
        }
        if (call.Body is not MethodCallExpression)
        {
            throw new ArgumentException("Expression must be a single method call or property access");
        }
        var (method, args) = CallExpression.Of(call);
        return (WorkflowQueryDefinition.NameFromMethodForCall(method), args);
    }
}
