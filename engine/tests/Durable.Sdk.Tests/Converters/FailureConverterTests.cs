using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Durable.Sdk.Tests.Converters;

public class FailureConverterTests
{
    private static readonly IPayloadConverter Payloads = DataConverter.Default.PayloadConverter;

    private static readonly Payloads Details = new() { Payloads_ = { Payloads.ToPayload("detail") } };

    private static DefaultFailureConverter Plain => new();

    private static DefaultFailureConverter Encoding => new DefaultFailureConverter.WithEncodedCommonAttributes();

    /// <summary>Every kind of recorded failure, the exception that it is, and what that knows.</summary>
    public static TheoryData<string, System.Type, string> Kinds => new()
    {
        { "application", typeof(ApplicationFailureException), "Type True 00:00:07 Benign detail" },
        { "timeout", typeof(TimeoutFailureException), "Heartbeat detail" },
        { "canceled", typeof(CanceledFailureException), "detail" },
        { "terminated", typeof(TerminatedFailureException), "" },
        { "server", typeof(ServerFailureException), "True" },
        { "activity", typeof(ActivityFailureException), "Act 5 me MaximumAttemptsReached" },
        { "child", typeof(ChildWorkflowFailureException), "ns id run Wf RetryPolicyNotSet" },
        { "nothing", typeof(FailureException), "" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Recorded_BecomesItsException_AndGoesOutAsItCameIn(string kind, System.Type type, string knows)
    {
        var recorded = Recorded(kind);
        recorded.Cause = new Failure { Message = "cause", ApplicationFailureInfo = new() };
        var before = recorded.ToByteArray();

        var exception = Plain.ToException(recorded, Payloads);

        exception.ShouldBeOfType(type);
        exception.Message.ShouldBe("what happened");
        exception.StackTrace.ShouldBe("  at Somewhere");
        exception.InnerException.ShouldBeOfType<ApplicationFailureException>().Message.ShouldBe("cause");
        Knows(exception).ShouldBe(knows);
        var again = Plain.ToFailure(exception, Payloads);
        again.ShouldBe(recorded);
        // A codec changes what it gets.
        again.Message = "changed";
        again.Cause.Message = "changed";
        Plain.ToFailure(exception, Payloads).ToByteArray().ShouldBe(before);
    }

    [Fact]
    public void Thrown_BecomesAnApplicationFailure_WithItsTypeTraceAndCauses()
    {
        var failure = Plain.ToFailure(Thrown(static () => throw new InvalidOperationException("outer", new FormatException("inner"))), Payloads);

        (failure.Message, failure.Source, failure.ApplicationFailureInfo.Type, failure.ApplicationFailureInfo.NonRetryable).ShouldBe(("outer", "", "InvalidOperationException", false));
        failure.StackTrace.ShouldContain(nameof(Thrown_BecomesAnApplicationFailure_WithItsTypeTraceAndCauses));
        (failure.Cause.Message, failure.Cause.ApplicationFailureInfo.Type, failure.Cause.StackTrace).ShouldBe(("inner", "FormatException", ""));
        failure.ApplicationFailureInfo.Details.ShouldBeNull();
    }

    [Fact]
    public void Application_OfOurs_IsWrittenWhole()
    {
        var failure = Plain.ToFailure(
            new ApplicationFailureException("no", "Declined", nonRetryable: true, ["detail"], TimeSpan.FromSeconds(7), ApplicationErrorCategory.Benign), Payloads);

        failure.ApplicationFailureInfo.ShouldBe(new ApplicationFailureInfo
        {
            Type = "Declined",
            NonRetryable = true,
            Details = Details,
            NextRetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(7)),
            Category = ApplicationErrorCategory.Benign,
        });
        Plain.ToFailure(new CanceledFailureException("stop", details: ["detail"]), Payloads).CanceledFailureInfo.Details.ShouldBe(Details);
        Plain.ToFailure(new WorkflowAlreadyStartedException("taken", "id", "type", "run"), Payloads).FailureInfoCase.ShouldBe(Failure.FailureInfoOneofCase.None);
    }

    // Aim: nothing readable is left of a message or a trace, whatever way the exception came.
    [Fact]
    public void Encoding_HidesMessageAndTrace_OfWhatIsThrownAndOfWhatCameIn()
    {
        var secret = Encoding.ToFailure(Thrown(static () => throw new ApplicationFailureException("card 4242", new InvalidOperationException("card 4242"))), Payloads);
        Readable(secret).ShouldBe(["Encoded failure", "", "Encoded failure", ""]);
        secret.EncodedAttributes.ShouldNotBeNull();

        // It comes back from an activity, and the workflow throws the cause, or all of it.
        var activity = new Failure { Message = "Activity task failed", ActivityFailureInfo = new() { ActivityId = "1" }, Cause = secret };
        var caught = Encoding.ToException(activity, Payloads);
        caught.InnerException!.Message.ShouldBe("card 4242");
        caught.InnerException.StackTrace!.ShouldContain("at ");
        caught.InnerException.InnerException!.Message.ShouldBe("card 4242");
        Readable(Encoding.ToFailure(caught.InnerException, Payloads)).ShouldAllBe(static text => text.Length == 0 || text == "Encoded failure");
        Readable(Encoding.ToFailure(caught, Payloads)).ShouldAllBe(static text => text.Length == 0 || text == "Encoded failure");
        Encoding.ToException(Encoding.ToFailure(caught, Payloads), Payloads).InnerException!.InnerException!.Message.ShouldBe("card 4242");
    }

    [Fact]
    public void Encoded_WithAnUnknownKey_IsStillAFailure_AndKeepsWhatItHides()
    {
        var locked = new Payload { Metadata = { ["encoding"] = ByteString.CopyFromUtf8("binary/encrypted") } };
        var failure = new Failure { Message = "Encoded failure", EncodedAttributes = locked, ApplicationFailureInfo = new() { Type = "Declined" } };

        var exception = Encoding.ToException(failure, Payloads);

        exception.ShouldBeOfType<ApplicationFailureException>().ErrorType.ShouldBe("Declined");
        exception.Message.ShouldBe("Encoded failure");
        Encoding.ToFailure(exception, Payloads).EncodedAttributes.ShouldBe(locked);
    }

    /// <summary>Which exceptions mean cancellation.</summary>
    public static TheoryData<string, bool> Cancellations => new()
    {
        { "token", true },
        { "canceled", true },
        { "activity of canceled", true },
        { "child of canceled", true },
        { "activity of application", false },
        { "application of canceled", false },
        { "child of activity of canceled", false },
    };

    [Theory]
    [MemberData(nameof(Cancellations))]
    public void IsCanceled_Exception_IsItOrNot(string what, bool expected)
    {
        Failure? failure = null;
        foreach (var kind in what.Split(" of ").Reverse().Where(static kind => kind != "token"))
        {
            var outer = Recorded(kind);
            outer.Cause = failure;
            failure = outer;
        }

        TemporalException.IsCanceledException(failure is null ? new TaskCanceledException() : Plain.ToException(failure, Payloads)).ShouldBe(expected);
    }

    private static Failure Recorded(string kind)
    {
        var failure = new Failure { Message = "what happened", StackTrace = "  at Somewhere", Source = "Server" };
        switch (kind)
        {
            case "application":
                failure.ApplicationFailureInfo = new()
                {
                    Type = "Type",
                    NonRetryable = true,
                    Details = Details,
                    NextRetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(7)),
                    Category = ApplicationErrorCategory.Benign,
                };
                break;
            case "timeout":
                failure.TimeoutFailureInfo = new() { TimeoutType = TimeoutType.Heartbeat, LastHeartbeatDetails = Details };
                break;
            case "canceled":
                failure.CanceledFailureInfo = new() { Details = Details };
                break;
            case "terminated":
                failure.TerminatedFailureInfo = new();
                break;
            case "server":
                failure.ServerFailureInfo = new() { NonRetryable = true };
                break;
            case "activity":
                failure.ActivityFailureInfo = new()
                {
                    ActivityType = new() { Name = "Act" },
                    ActivityId = "5",
                    Identity = "me",
                    RetryState = RetryState.MaximumAttemptsReached,
                    ScheduledEventId = 5,
                    StartedEventId = 6,
                };
                break;
            case "child":
                failure.ChildWorkflowExecutionFailureInfo = new()
                {
                    Namespace = "ns",
                    WorkflowExecution = new() { WorkflowId = "id", RunId = "run" },
                    WorkflowType = new() { Name = "Wf" },
                    RetryState = RetryState.RetryPolicyNotSet,
                    InitiatedEventId = 5,
                    StartedEventId = 6,
                };
                break;
        }
        return failure;
    }

    private static string Knows(Exception exception) => exception switch
    {
        ApplicationFailureException e => $"{e.ErrorType} {e.NonRetryable} {e.NextRetryDelay} {e.Category} {e.Details.ElementAt<string>(0)}",
        TimeoutFailureException e => $"{e.TimeoutType} {e.LastHeartbeatDetails.ElementAt<string>(0)}",
        CanceledFailureException e => e.Details.ElementAt<string>(0),
        ServerFailureException e => $"{e.NonRetryable}",
        ActivityFailureException e => $"{e.ActivityType} {e.ActivityId} {e.Identity} {e.RetryState}",
        ChildWorkflowFailureException e => $"{e.Namespace} {e.WorkflowId} {e.RunId} {e.WorkflowType} {e.RetryState}",
        _ => "",
    };

    private static IEnumerable<string> Readable(Failure? failure) =>
        failure is null ? [] : [failure.Message, failure.StackTrace, .. Readable(failure.Cause)];

    private static Exception Thrown(Action throws)
    {
        try
        {
            throws();
        }
        catch (Exception e)
        {
            return e;
        }
        throw new InvalidOperationException("nothing was thrown");
    }
}
