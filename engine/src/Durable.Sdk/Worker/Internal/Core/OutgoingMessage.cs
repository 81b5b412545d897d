using Google.Protobuf;
using Temporalio.Api.Protocol.V1;

namespace Temporalio.Worker.Internal.Core;

/// <summary>A message about an update; the body is packed when it is sent, after the codec.</summary>
internal readonly record struct OutgoingMessage(Message Message, IMessage Body);
