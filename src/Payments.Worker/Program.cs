using Payments.Worker;

await WorkerApp.Build(args).RunAsync().ConfigureAwait(false);
