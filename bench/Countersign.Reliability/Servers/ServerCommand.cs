using System.Reflection;

namespace Countersign.Reliability.Servers;

/// <summary>
/// The server's commands (<c>users …</c>, <c>keys …</c>), beside running nodes. They run in this process, by the entry point of the server's program: a
/// separate process for each of thousands would take too long to start.
/// </summary>
internal static class ServerCommand
{
    private static readonly SemaphoreSlim One = new(1);

    /// <summary>Runs a command, one at a time.</summary>
    /// <exception cref="InvalidOperationException">The exit code was not 0.</exception>
    public static async Task RunAsync(Deployment deployment, params string[] arguments)
    {
        await One.WaitAsync();
        var output = Console.Out;
        try
        {
            foreach (var (name, value) in deployment.Environment)
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            Console.SetOut(TextWriter.Null);
            int exitCode = await Task.Run(() => (int)Assembly.Load("countersign").EntryPoint!.Invoke(null, [arguments])!);
            if (exitCode != 0)
            {
                throw new InvalidOperationException($"countersign {string.Join(' ', arguments)} ended with {exitCode}.");
            }
        }
        finally
        {
            Console.SetOut(output);
            foreach (string name in deployment.Environment.Keys)
            {
                Environment.SetEnvironmentVariable(name, null);
            }

            One.Release();
        }
    }
}
