using System.Linq.Expressions;
using System.Reflection;

namespace Temporalio.Worker.Internal.Language;

/// <summary>Reads <c>x => x.Method(a, b)</c> and <c>() => Type.Method(a, b)</c>: the method, and the values of its arguments now.</summary>
internal static class CallExpression
{
    /// <exception cref="ArgumentException">Not a single call on the parameter, or of a static method.</exception>
    public static (MethodInfo Method, IReadOnlyCollection<object?> Args) Of(LambdaExpression expression)
    {
        if (expression.Body is not MethodCallExpression call)
        {
            throw new ArgumentException("Expression must be a single method call");
        }
        var method = call.Method;
        if (call.Object is null)
        {
            if (expression.Parameters.Count > 0)
            {
                throw new ArgumentException("Static call expression must not have a lambda parameter");
            }
        }
        else if (expression.Parameters.Count != 1 || call.Object != expression.Parameters[0])
        {
            throw new ArgumentException("Instance call expression must have a single lambda parameter used for the call");
        }
        else if (method.ReflectedType != call.Object.Type)
        {
            method = MostDerived(method, call.Object.Type);
        }

        if (call.Arguments.Count == 0)
        {
            return (method, []);
        }
        var args = new object?[call.Arguments.Count];
        for (var i = 0; i < args.Length; i++)
        {
            args[i] = Value(call.Arguments[i]);
        }
        return (method, args);
    }

    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The expression names the method on a type derived from its declaring type, so the override is reachable.")]
    private static MethodInfo MostDerived(MethodInfo method, Type type) =>
        type.GetMethod(
            method.Name,
            BindingFlags.Public | BindingFlags.Instance,
            null,
            Array.ConvertAll(method.GetParameters(), static parameter => parameter.ParameterType),
            null) ?? throw new ArgumentException("Failed finding more-specific resolved method");

    // Constants, captured variables and conversions are nearly all there is; only the rest pays for an interpreter.
    private static object? Value(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } access when access.Expression is null or ConstantExpression or MemberExpression =>
            field.GetValue(access.Expression is null ? null : Value(access.Expression)),
        UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert
            when convert.Type == typeof(object) || convert.Type.IsAssignableFrom(convert.Operand.Type) => Value(convert.Operand),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };
}
