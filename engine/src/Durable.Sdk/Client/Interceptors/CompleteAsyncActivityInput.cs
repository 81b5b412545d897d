using Temporalio.Converters;

namespace Temporalio.Client.Interceptors;

public record CompleteAsyncActivityInput(
    AsyncActivityHandle.Reference Activity, object? Result, AsyncActivityCompleteOptions? Options, DataConverter? DataConverterOverride = null);
