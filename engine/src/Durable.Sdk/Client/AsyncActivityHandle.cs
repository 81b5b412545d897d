using Temporalio.Converters;

namespace Temporalio.Client;

/// <summary>An activity whose method left it to be completed from elsewhere.</summary>
public record AsyncActivityHandle(ITemporalClient Client, AsyncActivityHandle.Reference Activity) : IWithSerializationContext<AsyncActivityHandle>
{
    /// <summary>Used instead of the client's converter; null: that one.</summary>
    public DataConverter? DataConverterOverride { get; init; }

    /// <summary>Says that the activity is alive. Not throttled.</summary>
    /// <exception cref="Exceptions.AsyncActivityCanceledException">It shall be cancelled, was paused or reset: report the cancellation, or fail it.</exception>
    public Task HeartbeatAsync(AsyncActivityHeartbeatOptions? options = null) =>
        Client.OutboundInterceptor.HeartbeatAsyncActivityAsync(new(Activity, options, DataConverterOverride));

    public Task CompleteAsync(object? result = null, AsyncActivityCompleteOptions? options = null) =>
        Client.OutboundInterceptor.CompleteAsyncActivityAsync(new(Activity, result, options, DataConverterOverride));

    public Task FailAsync(Exception exception, AsyncActivityFailOptions? options = null) =>
        Client.OutboundInterceptor.FailAsyncActivityAsync(new(Activity, exception, options, DataConverterOverride));

    /// <summary>Ends the activity as cancelled; its cancellation must have been requested.</summary>
    public Task ReportCancellationAsync(AsyncActivityReportCancellationOptions? options = null) =>
        Client.OutboundInterceptor.ReportCancellationAsyncActivityAsync(new(Activity, options, DataConverterOverride));

    /// <summary>A handle whose converter knows the context.</summary>
    public AsyncActivityHandle WithSerializationContext(ISerializationContext context) =>
        this with { DataConverterOverride = (DataConverterOverride ?? Client.Options.DataConverter).WithSerializationContext(context) };

    /// <summary>How the activity is named to the server.</summary>
    public abstract record Reference
    {
        private protected Reference()
        {
        }
    }

    /// <param name="RunId">Null: the latest.</param>
    public record IdReference(string WorkflowId, string? RunId, string ActivityId) : Reference;

    /// <param name="TaskToken">Names one attempt.</param>
    public record TaskTokenReference(byte[] TaskToken) : Reference;
}
