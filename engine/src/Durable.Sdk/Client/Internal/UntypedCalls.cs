using System.Collections.Concurrent;
using System.Reflection;
using Durable.Protocol;
using Google.Protobuf;

namespace Temporalio.Client.Internal;

/// <summary>From a method's name to the typed call: one delegate per method, made once.</summary>
internal static class UntypedCalls
{
    private static readonly ConcurrentDictionary<(string Service, string Rpc), Delegate> Calls = new();

    private delegate Task<T> Call<T>(RpcTransport transport, IMessage request, RpcCallOptions options, CancellationToken cancellationToken);

    public static Task<T> CallAsync<T>(RpcTransport transport, string service, string rpc, IMessage request, RpcCallOptions options, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        var call = (Call<T>)Calls.GetOrAdd((service, rpc), static key => Make<T>(key.Service, key.Rpc));
        return call(transport, request, options, cancellationToken);
    }

    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The message types are reachable through the method catalogues.")]
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The catalogues are referenced by name below.")]
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only reference types are type arguments, so one body serves all.")]
    private static Delegate Make<T>(string service, string rpc)
    {
        var catalogue = service switch
        {
            WorkflowServiceMethods.Service => typeof(WorkflowServiceMethods),
            OperatorServiceMethods.Service => typeof(OperatorServiceMethods),
            TestServiceMethods.Service => typeof(TestServiceMethods),
            HealthMethods.Service => typeof(HealthMethods),
            _ => throw new ArgumentException($"Unknown service {service}", nameof(service)),
        };
        var method = catalogue.GetProperty(rpc)?.GetValue(null) ?? throw new ArgumentException($"Unknown method {rpc} of {service}", nameof(rpc));
        var types = method.GetType().GetGenericArguments();
        return (Delegate)typeof(UntypedCalls).GetMethod(nameof(Typed), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(types).Invoke(null, [method])!;
    }

    private static Call<TResponse> Typed<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => (transport, request, options, cancellationToken) => transport.CallAsync(method, (TRequest)request, options, cancellationToken);
}
