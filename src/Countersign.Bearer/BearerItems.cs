using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Authentication;

namespace Countersign.Bearer;

/// <summary>
/// The items of a ticket's properties: the token, for <c>GetTokenAsync("access_token")</c>, and its expiry, for <c>ExpiresUtc</c>. They are made when the
/// app first asks for one. Few requests ask.
/// </summary>
/// <remarks>The platform's <see cref="AuthenticationTokenExtensions"/> and <see cref="AuthenticationProperties"/> look under these names.</remarks>
internal sealed class BearerItems(ReadOnlyMemory<char> token, DateTimeOffset expiresAt) : IDictionary<string, string?>
{
    private const string AccessToken = "access_token";
    private const string Expires = ".expires";

    private Dictionary<string, string?>? _made;

    /// <inheritdoc />
    public int Count => Made.Count;

    /// <inheritdoc />
    public bool IsReadOnly => false;

    /// <inheritdoc />
    public ICollection<string> Keys => Made.Keys;

    /// <inheritdoc />
    public ICollection<string?> Values => Made.Values;

    private Dictionary<string, string?> Made => _made ??= new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        [".Token." + AccessToken] = token.ToString(),
        [".TokenNames"] = AccessToken,
        [Expires] = ExpiresText,
    };

    private string ExpiresText => expiresAt.ToUniversalTime().ToString("r", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public string? this[string key]
    {
        get => Made[key];
        set => Made[key] = value;
    }

    /// <inheritdoc />
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string? value)
    {
        // The platform reads the expiry on each request under a policy that names the scheme, and nothing else. The copy of the token can be left out then.
        if (_made is null && string.Equals(key, Expires, StringComparison.Ordinal))
        {
            value = ExpiresText;
            return true;
        }

        return Made.TryGetValue(key, out value);
    }

    /// <inheritdoc />
    public bool ContainsKey(string key) => Made.ContainsKey(key);

    /// <inheritdoc />
    public void Add(string key, string? value) => Made.Add(key, value);

    /// <inheritdoc />
    public bool Remove(string key) => Made.Remove(key);

    /// <inheritdoc />
    public void Clear() => Made.Clear();

    /// <summary>Returns the type's name, because the items hold the token.</summary>
    public override string ToString() => nameof(BearerItems);

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => Made.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    void ICollection<KeyValuePair<string, string?>>.Add(KeyValuePair<string, string?> item) => Items.Add(item);

    bool ICollection<KeyValuePair<string, string?>>.Contains(KeyValuePair<string, string?> item) => Items.Contains(item);

    void ICollection<KeyValuePair<string, string?>>.CopyTo(KeyValuePair<string, string?>[] array, int arrayIndex) => Items.CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, string?>>.Remove(KeyValuePair<string, string?> item) => Items.Remove(item);

    private ICollection<KeyValuePair<string, string?>> Items => Made;
}
