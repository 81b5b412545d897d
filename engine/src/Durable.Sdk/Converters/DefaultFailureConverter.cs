using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Exceptions;

namespace Temporalio.Converters;

/// <summary>The failure format of all SDKs.</summary>
public class DefaultFailureConverter : IFailureConverter
{
    private const string EncodedMessage = "Encoded failure";

    public DefaultFailureConverter()
        : this(new())
    {
    }

    protected DefaultFailureConverter(DefaultFailureConverterOptions options) => Options = (DefaultFailureConverterOptions)options.Clone();

    public DefaultFailureConverterOptions Options { get; }

    /// <inheritdoc/>
    public virtual Failure ToFailure(Exception exception, IPayloadConverter payloadConverter)
    {
        // What came in goes out as it was, with ids of events and identities; as a copy, because a codec works in place and an exception may be thrown again.
        var failure = exception is FailureException { Failure: { } recorded } ? recorded.Clone() : Written(exception, payloadConverter);
        // One that could not be decoded has nothing to hide, and keeps what it hides.
        if (Options.EncodeCommonAttributes && !(failure.EncodedAttributes is not null && failure.Message == EncodedMessage))
        {
            failure.EncodedAttributes = payloadConverter.ToPayload(
                new Dictionary<string, string> { ["message"] = failure.Message, ["stack_trace"] = failure.StackTrace });
            failure.Message = EncodedMessage;
            failure.StackTrace = string.Empty;
        }
        return failure;
    }

    private Failure Written(Exception exception, IPayloadConverter payloadConverter)
    {
        var failure = new Failure
        {
            Message = exception.Message,
            StackTrace = exception.StackTrace ?? string.Empty,
            Cause = exception.InnerException is null ? null : ToFailure(exception.InnerException, payloadConverter),
        };
        switch (exception)
        {
            case ApplicationFailureException application:
                failure.ApplicationFailureInfo = new()
                {
                    Type = application.ErrorType ?? string.Empty,
                    NonRetryable = application.NonRetryable,
                    Details = PayloadsOf(application.Details, payloadConverter),
                    NextRetryDelay = application.NextRetryDelay is { } delay ? Duration.FromTimeSpan(delay) : null,
                    Category = application.Category,
                };
                break;
            case CanceledFailureException canceled:
                failure.CanceledFailureInfo = new() { Details = PayloadsOf(canceled.Details, payloadConverter) };
                break;
            case WorkflowAlreadyStartedException:
                // No kind of failure is meant for it, and none is written by official SDKs.
                break;
            default:
                failure.ApplicationFailureInfo = new() { Type = exception.GetType().Name };
                break;
        }
        return failure;
    }

    /// <inheritdoc/>
    public virtual Exception ToException(Failure failure, IPayloadConverter payloadConverter)
    {
        if (failure.EncodedAttributes is not null)
        {
            failure = Decode(failure, payloadConverter);
        }
        var cause = failure.Cause is null ? null : ToException(failure.Cause, payloadConverter);
        return failure.FailureInfoCase switch
        {
            Failure.FailureInfoOneofCase.ApplicationFailureInfo => new ApplicationFailureException(failure, cause, payloadConverter),
            Failure.FailureInfoOneofCase.TimeoutFailureInfo => new TimeoutFailureException(failure, cause, payloadConverter),
            Failure.FailureInfoOneofCase.CanceledFailureInfo => new CanceledFailureException(failure, cause, payloadConverter),
            Failure.FailureInfoOneofCase.TerminatedFailureInfo => new TerminatedFailureException(failure, cause, null),
            Failure.FailureInfoOneofCase.ServerFailureInfo => new ServerFailureException(failure, cause),
            Failure.FailureInfoOneofCase.ActivityFailureInfo => new ActivityFailureException(failure, cause),
            Failure.FailureInfoOneofCase.ChildWorkflowExecutionFailureInfo => new ChildWorkflowFailureException(failure, cause),
            _ => new FailureException(failure, cause),
        };
    }

    private static Failure Decode(Failure failure, IPayloadConverter payloadConverter)
    {
        Dictionary<string, string>? attributes;
        try
        {
            attributes = (Dictionary<string, string>?)payloadConverter.ToValue(failure.EncodedAttributes, typeof(Dictionary<string, string>));
        }
        catch (Exception)
        {
            // Written with a key that is not here, or by another converter: what there is to read is still a failure.
            return failure;
        }
        var decoded = failure.Clone();
        if (attributes?.TryGetValue("message", out var message) == true)
        {
            decoded.Message = message;
        }
        if (attributes?.TryGetValue("stack_trace", out var stackTrace) == true)
        {
            decoded.StackTrace = stackTrace;
        }
        return decoded;
    }

    private static Payloads? PayloadsOf(IFailureDetails details, IPayloadConverter payloadConverter) =>
        details is OutboundFailureDetails { Count: > 0 } outbound
            ? new Payloads { Payloads_ = { outbound.Details!.Select(payloadConverter.ToPayload) } }
            : null;

    /// <summary>With message and stack trace in a payload.</summary>
    public class WithEncodedCommonAttributes : DefaultFailureConverter
    {
        public WithEncodedCommonAttributes()
            : base(new() { EncodeCommonAttributes = true })
        {
        }
    }
}
