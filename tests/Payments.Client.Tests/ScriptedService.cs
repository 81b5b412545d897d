using System.Net;
using System.Text;

namespace Payments.Client.Tests;

/// <summary>Answers requests in order, as scripted, and keeps the keys that came.</summary>
internal sealed class ScriptedService(params Func<HttpResponseMessage>[] answers) : HttpMessageHandler
{
    private int next;

    public List<string> Keys { get; } = [];

    public static Func<HttpResponseMessage> Answer(HttpStatusCode status, string json, string? shouldRetry = null, int? retryAfterSeconds = null) => () =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (shouldRetry is not null)
        {
            response.Headers.Add("Should-Retry", shouldRetry);
        }
        if (retryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
        }
        return response;
    };

    public static Func<HttpResponseMessage> Cut() => () => throw new HttpRequestException("the connection was reset");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Post)
        {
            Keys.Add(request.Headers.GetValues("Idempotency-Key").Single());
        }
        return Task.FromResult(answers[next++]());
    }
}
