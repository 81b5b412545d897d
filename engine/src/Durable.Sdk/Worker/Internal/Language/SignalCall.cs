using System.Linq.Expressions;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

/// <summary>The name and arguments of a signal from a call of its method.</summary>
internal static class SignalCall
{
    public static (string Name, IReadOnlyCollection<object?> Args) Of(LambdaExpression call)
    {
        var (method, args) = CallExpression.Of(call);
        return (WorkflowSignalDefinition.NameFromMethodForCall(method), args);
    }
}
