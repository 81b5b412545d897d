using Payments.Client;

namespace Payments.EndToEnd.Tests;

/// <summary>The client library against the service; the sample of its README is what runs here.</summary>
[Collection(QuietLab.Name)]
public sealed class ClientTests(LabFixture fixture) : IDisposable
{
    private readonly string path = Path.GetTempFileName();
    private readonly HttpClient http = new() { BaseAddress = new Uri(fixture.Lab.Addresses.Ingress) };
    private readonly List<string> said = [];

    [Fact]
    public async Task Sample_RunAgainAfterARestart_PaysAndRefundsOnce()
    {
        await SampleAsync();
        // Another life of the caller: the keys come from the file.
        await SampleAsync();

        said.ShouldBeEmpty();
        using var keys = new FileKeyStore(path);
        var payment = await new PaymentsClient(http, new PaymentsClientOptions { Keys = keys }).PayAsync("order-4711", new PaymentRequest(10_000, "USD"));
        payment.Cached.ShouldBeTrue();
        (await fixture.MoneyAsync(payment.PaymentId)).ShouldBe((1, 10_000, 2_500));
    }

    [Fact]
    public async Task Outcomes_OfTheService_AreTyped()
    {
        var client = new PaymentsClient(http);

        var payment = await client.CreateAsync("client-1", "first", new PaymentRequest(500, "JPY", "a book", "customer-7"));
        var again = await client.CreateAsync("client-1", "first", new PaymentRequest(500, "JPY", "a book", "customer-7"));
        var refund = await client.RefundAsync("client-1", "back", new RefundRequest());
        var declined = await Should.ThrowAsync<PaymentDeclinedException>(() => client.PayAsync("poor", new PaymentRequest(1, "USD", PaymentMethod: "tok_insufficient_funds")));
        var refused = await Should.ThrowAsync<PaymentRefusedException>(() => client.CreateAsync("client-1", "second", new PaymentRequest(500, "JPY")));

        (payment.Status, payment.Amount, payment.Currency, payment.CustomerId, payment.Cached).ShouldBe(("captured", 500, "JPY", "customer-7", false));
        again.ShouldBe(payment with { Cached = true });
        (refund.PaymentId, refund.Status, refund.RefundedAmount, refund.Remaining).ShouldBe(("client-1", "refunded", 500, 0));
        declined.InvocationId.ShouldNotBeNull();
        (refused.Code, refused.Status).ShouldBe(("payment-exists", 409));
        (await client.GetStatusAsync("client-1"))!.Status.ShouldBe("refunded");
        (await client.GetStatusAsync("nobody")).ShouldBeNull();
        (await fixture.MoneyAsync("client-1")).ShouldBe((1, 500, 500));
    }

    [Fact]
    public void Readme_Sample_IsTheCodeThatRunsHere()
    {
        static string Plain(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
        var readme = File.ReadAllText(Path.Combine(HttpFile.Root, "src", "Payments.Client", "README.md")).Split("```csharp")[1].Split("```")[0];
        var here = File.ReadAllText(Path.Combine(HttpFile.Root, "tests", "Payments.EndToEnd.Tests", "ClientTests.cs")).Split("#region sample")[^1].Split("#endregion")[0];

        Plain(here).ShouldBe(Plain(readme));
    }

    public void Dispose()
    {
        http.Dispose();
        File.Delete(path);
    }

    private async Task SampleAsync()
    {
        #region sample
        using var keys = new FileKeyStore(path);
        var client = new PaymentsClient(http, new PaymentsClientOptions { Keys = keys });
        try
        {
            var payment = await client.PayAsync("order-4711", new PaymentRequest(10_000, "USD"));
            await client.RefundAsync(payment.PaymentId, "order-4711: one item back", new RefundRequest(2_500));
        }
        catch (PaymentDeclinedException declined)
        {
            // For good, under this intention. Another card is another one: "order-4711, second card".
            Tell(declined.Message);
        }
        catch (PaymentUnknownException)
        {
            // Nobody knows yet. Later, or after a restart, the same intention finds out.
            Postpone("order-4711");
        }
        #endregion
    }

    private void Tell(string message) => said.Add(message);

    private void Postpone(string intention) => said.Add(intention);
}
