namespace Payments.Ingress;

/// <summary>Clears the ledger of the lab's gateway. The ingress never asks the gateway for anything else.</summary>
public sealed class GatewayBroom(HttpClient http)
{
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        using var response = await http.DeleteAsync(new Uri("/", UriKind.Relative), cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }
}
