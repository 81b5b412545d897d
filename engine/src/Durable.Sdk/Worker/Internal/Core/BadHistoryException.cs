namespace Temporalio.Worker.Internal.Core;

/// <summary>The history cannot be one: events are missing or malformed.</summary>
internal sealed class BadHistoryException(string message) : Exception(message);
