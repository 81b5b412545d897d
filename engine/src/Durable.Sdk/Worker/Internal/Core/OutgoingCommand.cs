using Temporalio.Api.Command.V1;

namespace Temporalio.Worker.Internal.Core;

/// <summary>A command and the machine that follows it.</summary>
internal readonly record struct OutgoingCommand(Machine Machine, Command Command);
