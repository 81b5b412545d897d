// Each class has a lab of four processes of its own. Most of a class's time is waiting for a timeout of a dead process, so four of them share two cores well.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
