using System.Reflection;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Temporalio.Worker.Internal.Language;

/// <summary>A run method, handler or validator, with what is needed to call it looked up once.</summary>
internal sealed class HandlerInvoker
{
    private readonly MethodInvoker invoker;
    private readonly object? target;
    private readonly Type[] types;
    private readonly object?[] defaults;
    private readonly int required;

    public HandlerInvoker(MethodInfo method)
        : this(method, null)
    {
    }

    public HandlerInvoker(Delegate handler)
        : this(handler.Method, handler.Target)
    {
    }

    private HandlerInvoker(MethodInfo method, object? target)
    {
        Method = method;
        this.target = target;
        invoker = MethodInvoker.Create(method);
        var parameters = method.GetParameters();
        types = Array.ConvertAll(parameters, static parameter => parameter.ParameterType);
        defaults = Array.ConvertAll(parameters, static parameter => parameter.HasDefaultValue ? parameter.DefaultValue : null);
        required = Array.FindLastIndex(parameters, static parameter => !parameter.HasDefaultValue) + 1;
    }

    public MethodInfo Method { get; }

    /// <summary>Calls the method; what it throws comes out as it is. A delegate brings its own instance.</summary>
    public object? Invoke(object? instance, object?[] args) =>
        args.Length == 0 ? invoker.Invoke(target ?? instance) : invoker.Invoke(target ?? instance, args.AsSpan());

    /// <summary>Converts the arguments: too many are ignored, missing ones take their defaults.</summary>
    /// <param name="what">Such as "Signal X", for errors.</param>
    /// <exception cref="InvalidOperationException">Too few, or one that cannot be converted.</exception>
    public object?[] Decode(IReadOnlyList<Payload> payloads, IPayloadConverter converter, string what)
    {
        if (payloads.Count < required)
        {
            throw new InvalidOperationException(
                $"{what} given {payloads.Count} parameter(s), but more than that are required by the signature");
        }
        if (types.Length == 0)
        {
            return [];
        }
        var args = new object?[types.Length];
        try
        {
            for (var i = 0; i < args.Length; i++)
            {
                args[i] = i < payloads.Count ? converter.ToValue(payloads[i], types[i]) : defaults[i];
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what} had failure decoding parameters", e);
        }
        return args;
    }

    /// <summary>The arguments of a dynamic handler: its name, unless it is a run method, and the raw values.</summary>
    public static object?[] DecodeDynamic(string? name, IReadOnlyList<Payload> payloads)
    {
        var raw = new IRawValue[payloads.Count];
        for (var i = 0; i < raw.Length; i++)
        {
            raw[i] = new RawValue(payloads[i]);
        }
        return name is null ? [raw] : [name, raw];
    }

    public static bool TakesDynamicArguments(MethodInfo method, bool nameFirst)
    {
        var parameters = method.GetParameters();
        return nameFirst
            ? parameters.Length == 2 && parameters[0].ParameterType == typeof(string) && parameters[1].ParameterType == typeof(IRawValue[])
            : parameters.Length == 1 && parameters[0].ParameterType == typeof(IRawValue[]);
    }
}
