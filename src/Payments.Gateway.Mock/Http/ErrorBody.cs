namespace Payments.Gateway.Mock.Http;

public sealed record ErrorBody(string Code, string Message);
