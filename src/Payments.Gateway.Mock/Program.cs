using Payments.Gateway.Mock;

await using var app = GatewayApp.Build(args);
await app.RunAsync();
