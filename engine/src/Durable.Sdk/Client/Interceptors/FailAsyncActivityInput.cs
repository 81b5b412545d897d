using Temporalio.Converters;

namespace Temporalio.Client.Interceptors;

public record FailAsyncActivityInput(
    AsyncActivityHandle.Reference Activity, Exception Exception, AsyncActivityFailOptions? Options, DataConverter? DataConverterOverride = null);
