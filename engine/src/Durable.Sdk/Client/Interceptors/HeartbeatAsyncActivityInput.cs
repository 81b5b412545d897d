using Temporalio.Converters;

namespace Temporalio.Client.Interceptors;

public record HeartbeatAsyncActivityInput(
    AsyncActivityHandle.Reference Activity, AsyncActivityHeartbeatOptions? Options, DataConverter? DataConverterOverride = null);
