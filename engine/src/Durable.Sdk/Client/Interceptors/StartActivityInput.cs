using Temporalio.Api.Common.V1;

namespace Temporalio.Client.Interceptors;

public record StartActivityInput(string Activity, IReadOnlyCollection<object?> Args, StartActivityOptions Options, IDictionary<string, Payload>? Headers);
