using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.Bearer;

/// <summary>What the options of a resource server must be, all faults at once.</summary>
internal sealed class CountersignBearerOptionsValidator(IHostEnvironment environment) : IValidateOptions<CountersignBearerOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, CountersignBearerOptions options)
    {
        List<string> faults = [];
        AddAddressFaults(options, faults);
        if (options.Audience is { } audience && string.IsNullOrWhiteSpace(audience))
        {
            faults.Add("Audience is blank: leave it out to use the authority, or name the audience that the tokens are issued for.");
        }

        AddRangeFault(faults, nameof(options.MinCacheAge), options.MinCacheAge, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1));
        AddRangeFault(faults, nameof(options.MaxCacheAge), options.MaxCacheAge, options.MinCacheAge, TimeSpan.FromHours(24));
        AddRangeFault(faults, nameof(options.MaxKeyAge), options.MaxKeyAge, options.MaxCacheAge, TimeSpan.FromDays(7));
        AddRangeFault(faults, nameof(options.BackchannelTimeout), options.BackchannelTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        if (options.VerifiedTokenEntries is < 0 or > 1_000_000)
        {
            faults.Add("VerifiedTokenEntries is 0 to 1,000,000.");
        }

        if (options.VerifiedTokenBytes is < 64 * 1024 or > 1024 * 1024 * 1024)
        {
            faults.Add("VerifiedTokenBytes is 65,536 to 1,073,741,824 bytes.");
        }

        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults.Select(fault => $"{CountersignBearerOptions.SectionName}:{name}:{fault}"));
    }

    private void AddAddressFaults(CountersignBearerOptions options, List<string> faults)
    {
        if (options.Authority is null)
        {
            faults.Add("Authority is missing: set it to the issuer of the tokens, such as https://auth.example.com.");
        }
        else
        {
            AddAddressFault(faults, nameof(options.Authority), options.Authority, mayHaveQuery: false);
        }

        AddAddressFault(faults, nameof(options.MetadataAddress), options.MetadataAddress, mayHaveQuery: true);
        AddAddressFault(faults, nameof(options.JwksUri), options.JwksUri, mayHaveQuery: true);
        if (options.MetadataAddress is not null && options.JwksUri is not null)
        {
            faults.Add("MetadataAddress is set beside JwksUri, with which no metadata is read: leave one of them out.");
        }
    }

    /// <summary>Keys that came over plain http are those of whoever sat in between.</summary>
    private void AddAddressFault(List<string> faults, string setting, string? address, bool mayHaveQuery)
    {
        if (address is null)
        {
            return;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.UserInfo.Length != 0
            || address.Contains('#', StringComparison.Ordinal)
            || (!mayHaveQuery && address.Contains('?', StringComparison.Ordinal))
            || address.AsSpan().ContainsAny(" \t\r\n"))
        {
            faults.Add($"{setting} must be an absolute https URL without {(mayHaveQuery ? "fragment" : "query and fragment")}, such as https://auth.example.com.");
        }
        else if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !environment.IsDevelopment())
        {
            faults.Add($"{setting} is plain http, over which anyone on the way can put in keys of their own: use https. http is taken on loopback and in Development.");
        }
    }

    private static void AddRangeFault(List<string> faults, string setting, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            faults.Add(FormattableString.Invariant($"{setting} is {least:c} to {most:c}, and was {value:c}."));
        }
    }
}
