using System.Text;
using System.Text.Json;

namespace Payments.Ingress.Tests;

/// <summary>What the door keeps in memory: outcomes, names.</summary>
public class DoorStateTests
{
    [Fact]
    public void Find_AfterTheRecordsEnd_Nothing()
    {
        var clock = new ManualClock();
        var cache = new OutcomeCache(10, clock);
        cache.Add("a", Reply(clock.GetUtcNow() + TimeSpan.FromHours(1)));

        cache.Find("a").ShouldNotBeNull();
        clock.Advance(TimeSpan.FromHours(1));
        cache.Find("a").ShouldBeNull();
    }

    [Fact]
    public void Add_MoreThanFit_OldestGoAndUsedStay()
    {
        var clock = new ManualClock();
        var cache = new OutcomeCache(100, clock);
        cache.Add("used", Reply(DateTimeOffset.MaxValue));
        for (var i = 0; i < 1000; i++)
        {
            cache.Add("k" + i, Reply(DateTimeOffset.MaxValue));
            cache.Find("used").ShouldNotBeNull();
        }

        cache.Find("k0").ShouldBeNull();
        cache.Find("k999").ShouldNotBeNull();
    }

    [Fact]
    public void Add_NotFinal_NotKept()
    {
        var cache = new OutcomeCache(10, new ManualClock());
        cache.Add("a", Reply(DateTimeOffset.MaxValue) with { Final = false });

        cache.Find("a").ShouldBeNull();
    }

    [Fact]
    public void TryParse_OwnId_BackAgain()
    {
        var id = new InvocationId("payment/m%2F1/p%20x", "Create:" + new string('a', 32) + ":" + new string('b', 16));

        InvocationId.TryParse(id.ToString(), out var back).ShouldBeTrue();
        back.ShouldBe(id);
        back.Merchant.ShouldBe("m/1");
        back.Handler.ShouldBe("Create");
    }

    [Theory]
    [InlineData("")]
    [InlineData("inv_")]
    [InlineData("inv_!!!")]
    [InlineData("abc")]
    public void TryParse_SomethingElse_False(string text) => InvocationId.TryParse(text, out var _).ShouldBeFalse();

    [Theory]
    [InlineData("payment/m\nCreate:x:y")]
    [InlineData("payment/m/p")]
    [InlineData("payment/m/p\nCreate\nx")]
    public void TryParse_ForgedContent_False(string content) =>
        InvocationId.TryParse("inv_" + System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(content)), out var _).ShouldBeFalse();

    [Fact]
    public void ProblemTypes_Names_UniqueAndReadable()
    {
        ProblemType.All.Select(type => type.Name).ShouldBeUnique();
        ProblemType.All.ShouldAllBe(type => type.Page.Length > 40 && type.Title.Length > 5);
    }

    [Fact]
    public void Write_Problem_NothingPerRequest()
    {
        var problem = new Problem(ProblemType.KeyReused, "d") { ExpectedFingerprint = "1", ActualFingerprint = "2", StatusOverride = 409 };
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            problem.Write(json);
        }

        Encoding.UTF8.GetString(stream.ToArray()).ShouldBe(
            """{"type":"/problems/idempotency-key-reused","title":"The idempotency key belongs to another request","status":409,"detail":"d","code":"idempotency-key-reused","source":"invocation","retryable":false,"sameKey":false,"expectedFingerprint":"1","actualFingerprint":"2"}""");
    }

    private static Reply Reply(DateTimeOffset expires) => new(201, null) { Outcome = "captured", Nonce = "n", Expires = expires };
}
