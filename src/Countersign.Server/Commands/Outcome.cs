using System.CommandLine;
using Countersign.Server.Configuration;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Commands;

/// <summary>How a command ended, in one line: done on standard output, refused on standard error.</summary>
internal readonly record struct Outcome
{
    private Outcome(bool succeeded, string message)
    {
        Succeeded = succeeded;
        Message = message;
    }

    /// <summary>Whether it was done.</summary>
    public bool Succeeded { get; }

    /// <summary>The line.</summary>
    public string Message { get; }

    /// <summary>It was done.</summary>
    public static Outcome Done(string message) => new(succeeded: true, message);

    /// <summary>It was not done.</summary>
    public static Outcome Refused(string message) => new(succeeded: false, message);

    /// <summary>As Identity says: done, or its reasons in one line.</summary>
    public static Outcome From(IdentityResult result, string message) =>
        result.Succeeded ? Done(message) : Refused(string.Join(' ', result.Errors.Select(error => error.Description)));

    /// <summary>Writes the line.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WriteAsync(ParseResult parse)
    {
        if (Succeeded)
        {
            await parse.InvocationConfiguration.Output.WriteLineAsync(Message).ConfigureAwait(false);
            return 0;
        }

        await parse.InvocationConfiguration.Error.WriteLineAsync($"countersign: {Message}").ConfigureAwait(false);
        return FaultReport.ExitCode;
    }
}
