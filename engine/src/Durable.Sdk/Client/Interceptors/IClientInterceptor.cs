namespace Temporalio.Client.Interceptors;

/// <summary>Stands around the calls of a client.</summary>
public interface IClientInterceptor
{
    /// <summary>Wraps the next one; called once per client.</summary>
    ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => nextInterceptor;
}
