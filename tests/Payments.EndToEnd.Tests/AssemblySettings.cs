// Each class has a lab of four processes: one at a time is as much as two cores carry.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
