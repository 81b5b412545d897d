using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Payments.EndToEnd.Tests;

/// <summary>The request files are run from top to bottom, and each request is answered with the status that its title promises: "(201)".</summary>
public sealed partial class HttpFileTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    [Fact]
    public async Task Requests_OfBothFiles_AreAnsweredAsTheirTitlesSay()
    {
        await RunAsync("payment.http");

        var tour = await RunAsync("toxy.http");
        tour.Where(step => step.Title.Contains("stats", StringComparison.OrdinalIgnoreCase)).Select(step => CountOf(step.Body)).ShouldBe([0, 1, 2, 3]);
    }

    private async Task<List<(string Title, string Body)>> RunAsync(string name)
    {
        var addresses = fixture.Lab.Addresses;
        var proxy = $"127.0.0.1:{fixture.Lab.Options.Ports.Lab + 1}";
        var answers = new List<(string, string)>();
        foreach (var (title, make) in HttpFile.Read(Path.Combine(HttpFile.Root, "http", name), new Dictionary<string, string>
        {
            ["payments"] = addresses.Ingress, ["gateway"] = addresses.Gateway, ["toxiproxy"] = addresses.FaultProxy,
            ["proxied"] = "http://" + proxy, ["listen"] = proxy, ["upstream"] = new Uri(addresses.Ingress).Authority,
        }))
        {
            var promised = Promise().Match(title).Groups[1].Value;
            promised.ShouldNotBeEmpty($"{name}: \"{title}\" promises nothing");
            answers.Add((title, await SendAsync(name, title, promised, make)));
        }
        return answers;
    }

    private async Task<string> SendAsync(string name, string title, string promised, Func<HttpRequestMessage> make)
    {
        for (var left = promised == "until 201 or 200" ? 100 : 1; ; left--)
        {
            string status, body;
            try
            {
                using var request = make();
                using var answer = await fixture.Http.SendAsync(request);
                status = ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
                body = await answer.Content.ReadAsStringAsync();
            }
            catch (HttpRequestException)
            {
                (status, body) = ("fails", "");
            }
            if (promised.Split(" or ").Any(one => one.Split(' ')[^1] == status))
            {
                return body;
            }
            left.ShouldBeGreaterThan(1, $"{name}, \"{title}\": {status} {body}");
        }
    }

    private static int CountOf(string stats) => JsonNode.Parse(stats)!["count"]!.GetValue<int>();

    [GeneratedRegex(@"\(([a-z0-9 ]+)\)")]
    private static partial Regex Promise();
}
