namespace Payments.Lab.Commands.Demo;

/// <param name="Title">What the step is about, as the person at the screen reads it.</param>
internal sealed record DemoStep(string Title, Func<DemoContext, Task> Run);
