namespace Payments.EndToEnd.Tests;

/// <param name="Title">What stands after <c>###</c>.</param>
internal sealed record HttpFileRequest(string Title, Func<HttpRequestMessage> Make);
