using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Payments.Gateway.Mock.Tests;

public sealed class CrashTests
{
    /// <summary>Charges from many callers, killed with SIGKILL in the middle: what a caller was told is in the ledger afterwards, and a retry charges nothing twice.</summary>
    [Fact]
    public async Task Kill_UnderLoad_EveryAcknowledgedChargeIsThereOnce()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-").FullName;
        try
        {
            var told = new ConcurrentDictionary<string, string>();
            var (process, http) = await StartAsync(folder);
            var callers = Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
            {
                for (var i = 0; ; i++)
                {
                    try
                    {
                        using var answer = await ChargeAsync(http, $"{caller}-{i}");
                        told[$"{caller}-{i}"] = (await answer.JsonAsync()).Text("id")!;
                    }
                    catch (HttpRequestException)
                    {
                        return;
                    }
                    // Two that count at once may both see a number beyond.
                    if (told.Count >= 300)
                    {
                        process.Kill();
                    }
                }
            })).ToArray();
            await Task.WhenAll(callers);
            await process.WaitForExitAsync();
            http.Dispose();

            (process, http) = await StartAsync(folder);
            var charges = ((JsonArray)JsonNode.Parse(await http.GetStringAsync("/charges"))!).ToDictionary(c => c.Text("key")!, c => c.Text("id"));
            foreach (var (key, id) in told)
            {
                charges[key].ShouldBe(id);
                using var again = await ChargeAsync(http, key);
                (await again.JsonAsync()).Text("id").ShouldBe(id);
            }
            process.Kill();
            await process.WaitForExitAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<HttpResponseMessage> ChargeAsync(HttpClient http, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/charges")
        {
            Content = JsonContent.Create(new { merchant = "m", paymentId = key, amount = 1, currency = "USD" }),
        };
        request.Headers.Add("Idempotency-Key", key);
        return http.SendAsync(request);
    }

    private static async Task<(Process Process, HttpClient Http)> StartAsync(string folder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = folder };
        foreach (var argument in new[] { typeof(GatewayApp).Assembly.Location, "--urls", "http://127.0.0.1:0", "--Gateway:Ledger", Path.Combine(folder, "ledger.log") })
        {
            start.ArgumentList.Add(argument);
        }
        var process = Process.Start(start)!;
        const string Listening = "Now listening on: ";
        string? line;
        while ((line = await process.StandardOutput.ReadLineAsync()) is not null)
        {
            var at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at >= 0)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return (process, new HttpClient { BaseAddress = new Uri(line[(at + Listening.Length)..]) });
            }
        }
        throw new InvalidOperationException("The gateway ended before it listened.");
    }
}
