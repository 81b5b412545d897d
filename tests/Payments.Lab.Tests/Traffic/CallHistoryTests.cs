using Payments.Lab.Traffic;

namespace Payments.Lab.Tests.Traffic;

/// <summary>The checker itself: it must find what it is there to find.</summary>
public sealed class CallHistoryTests
{
    private const string One = """{"transactionId":"ch_1","cached":false}""";
    private const string OneReplayed = """{"transactionId":"ch_1","cached":true}""";
    private const string Two = """{"transactionId":"ch_2","cached":true}""";

    private readonly CallHistory history = new(TimeProvider.System);

    [Fact]
    public void Check_OneFirstAnswerAndReplaysOfIt_IsWell()
    {
        Add(1, 4, 201, One, replayed: false);
        Add(2, 5, 200, OneReplayed, replayed: true);
        Add(6, 7, 200, OneReplayed, replayed: true);
        history.Add("other", 8, 9, new PaymentAnswer(201, Two, Replayed: false, Retry: false));

        history.Check().ShouldBeEmpty();
    }

    [Fact]
    public void Check_FirstAnswerWasLost_AllAreReplaysAndThatIsWell()
    {
        Add(1, 2, 202, "{}", replayed: false, retry: true);
        Add(2, 5, 200, OneReplayed, replayed: true);

        history.Check().ShouldBeEmpty();
    }

    [Fact]
    public void Check_AnotherTransactionUnderTheKey_IsFound()
    {
        Add(1, 4, 201, One, replayed: false);
        Add(5, 6, 200, Two, replayed: true);

        history.Check().ShouldHaveSingleItem().ShouldContain("2 different answers");
    }

    [Fact]
    public void Check_ADeclineAfterASuccess_IsFound()
    {
        Add(1, 4, 201, One, replayed: false);
        Add(1, 4, 402, One, replayed: true);

        history.Check().ShouldHaveSingleItem().ShouldContain("2 different answers");
    }

    [Fact]
    public void Check_TwoFirstAnswers_AreFound()
    {
        Add(1, 4, 201, One, replayed: false);
        Add(2, 4, 201, One, replayed: false);

        history.Check().ShouldHaveSingleItem().ShouldContain("2 answers are not marked");
    }

    [Fact]
    public void Check_ExecutedForACallThatBeganAfterAnAnswer_IsFound()
    {
        Add(1, 2, 200, OneReplayed, replayed: true);
        Add(3, 4, 201, One, replayed: false);

        history.Check().ShouldHaveSingleItem().ShouldContain("began when another call had its answer");
    }

    private void Add(long began, long ended, int status, string body, bool replayed, bool retry = false) =>
        history.Add("key", began, ended, new PaymentAnswer(status, body, replayed, retry));
}
