using System.CommandLine;
using Countersign.Server.Configuration;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Commands;

/// <summary>How a command ended, in one line: success on standard output, failure on standard error.</summary>
internal readonly record struct Outcome
{
    private Outcome(bool succeeded, string message)
    {
        Succeeded = succeeded;
        Message = message;
    }

    /// <summary>Whether the command succeeded.</summary>
    public bool Succeeded { get; }

    /// <summary>The line to write.</summary>
    public string Message { get; }

    /// <summary>Makes a success.</summary>
    public static Outcome Done(string message) => new(succeeded: true, message);

    /// <summary>Makes a failure.</summary>
    public static Outcome Refused(string message) => new(succeeded: false, message);

    /// <summary>Converts a result of Identity: success, or its errors in one line.</summary>
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
