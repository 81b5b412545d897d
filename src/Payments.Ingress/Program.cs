using Payments.Ingress;

await IngressApp.Build(args).RunAsync().ConfigureAwait(false);
