using System.Runtime.InteropServices;

namespace Temporalio.Client;

/// <summary>Leads to a connection. The official SDK has a native client behind it; this one has none.</summary>
public interface IBridgeClientProvider
{
    /// <summary>Always null here.</summary>
    SafeHandle? BridgeClient { get; }
}
