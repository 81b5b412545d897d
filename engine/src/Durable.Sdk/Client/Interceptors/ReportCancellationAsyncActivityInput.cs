using Temporalio.Converters;

namespace Temporalio.Client.Interceptors;

public record ReportCancellationAsyncActivityInput(
    AsyncActivityHandle.Reference Activity, AsyncActivityReportCancellationOptions? Options, DataConverter? DataConverterOverride = null);
