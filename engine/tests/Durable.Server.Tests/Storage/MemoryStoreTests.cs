using Durable.Server.Storage;

namespace Durable.Server.Tests.Storage;

public sealed class MemoryStoreTests : StoreCompliance
{
    protected override IServerStore Open() => new MemoryStore();
}
