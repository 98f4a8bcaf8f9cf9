using System.Data.Common;
using System.Security.Authentication;
using Countersign.Passwords;
using Countersign.Server.Configuration;
using Countersign.Server.Database;
using Countersign.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Countersign.Server.Hosting;

/// <summary>Distinguishes failures that an operator can mend from defects. The first are reported in a line, the second with a stack trace.</summary>
internal static class StartFailure
{
    /// <summary>Whether the environment caused the failure, and not the program.</summary>
    public static bool IsOperational(Exception failure) => failure
        is DbException
        or DbUpdateException
        or IOException
        or InvalidDataException
        or UnauthorizedAccessException
        or TimeoutException
        or NewerDatabaseException
        or MigrationNotAllowedException
        or OptionsValidationException
        or SessionsUnavailableException
        or PasswordEngineBusyException
        || (failure is AggregateException several && several.InnerExceptions.All(IsOperational));

    /// <summary>Whether the environment caused a failed start. The checks of a starting host throw <see cref="InvalidOperationException"/>.</summary>
    public static bool IsOperationalAtStart(Exception failure) => IsOperational(failure) || failure is InvalidOperationException;

    /// <summary>Writes what failed.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(TextWriter error, Exception failure)
    {
        if (failure is AggregateException several)
        {
            // The host reports so when several classes of settings are faulty.
            foreach (var one in several.InnerExceptions)
            {
                await WriteAsync(error, one).ConfigureAwait(false);
            }
        }
        else if (failure is OptionsValidationException options)
        {
            // Faults that only the packages can find. Their messages are whole sentences and name the key.
            foreach (var fault in options.Failures)
            {
                await error.WriteLineAsync($"countersign: {fault}").ConfigureAwait(false);
            }
        }
        else
        {
            // The framework's wrapper only says "see the inner exception".
            var cause = failure is DbUpdateException { InnerException: { } inner } ? inner : failure;
            await error.WriteLineAsync($"countersign: {cause.Message}").ConfigureAwait(false);
            if (cause is NpgsqlException && IsAboutEncryption(cause))
            {
                await error.WriteLineAsync(
                    "countersign: the connection to PostgreSQL is encrypted and its certificate is checked, unless the connection string says otherwise. " +
                    "Name the authority that signed the certificate "
                    + "(Root Certificate=/path/ca.pem), or choose another SSL Mode.").ConfigureAwait(false);
            }
        }

        return FaultReport.ExitCode;
    }

    private static bool IsAboutEncryption(Exception failure) =>
        failure is AuthenticationException
        || failure.Message.Contains("SSL", StringComparison.Ordinal)
        || (failure.InnerException is { } inner && IsAboutEncryption(inner));
}
