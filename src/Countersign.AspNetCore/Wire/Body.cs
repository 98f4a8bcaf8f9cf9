using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Cryptography;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore.Wire;

/// <summary>A request's body, or the problem of a body that can't be used. Reading never throws because of a client's data.</summary>
/// <remarks>The app's own JSON options and validation do not apply: this package defines the format.</remarks>
/// <typeparam name="T">The type of the body.</typeparam>
internal sealed class Body<T> : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class, IRequestBody<T>
{
    private static readonly IReadOnlyList<BodyMember> Members = BodyMember.Of(typeof(T));

    private readonly T? _value;
    private readonly Problem? _refusal;

    private Body(T value) => _value = value;

    private Body(Problem problem) => _refusal = problem;

    /// <summary>Gets the body or the problem.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        value = _value;
        problem = _refusal;
        return value is not null;
    }

    /// <inheritdoc />
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = context.Request;
        if (!MediaTypes.TryRead(request, out var form) || (form == BodyForms.None ? !T.IsOptional : !T.Forms.HasFlag(form)))
        {
            return new Body<T>(BodyProblems.ContentTypeUnsupported);
        }

        if (request.ContentLength > BodyBytes.Max)
        {
            return new Body<T>(BodyProblems.BodyTooLarge);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BodyBytes.Max);
        try
        {
            var (length, problem) = await BodyBytes.ReadAsync(request, buffer.AsMemory(0, BodyBytes.Max)).ConfigureAwait(false);
            return problem is null ? Parse(buffer.AsSpan(0, length), form) : new Body<T>(problem);
        }
        finally
        {
            // The whole buffer is cleared: if a client goes away in the middle of its password, the length is not known.
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, BodyBytes.Max));
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        List<string> contentTypes = [];
        if (T.Forms.HasFlag(BodyForms.Form))
        {
            contentTypes.Add(MediaTypes.Form);
        }

        if (T.Forms.HasFlag(BodyForms.Json))
        {
            contentTypes.Add(MediaTypes.Json);
        }

        builder.Metadata.Add(new AcceptsMetadata([.. contentTypes], typeof(T), T.IsOptional));
        builder.AddProblems(BodyProblems.OfBodies(Members, T.Forms));
    }

    private static Body<T> Parse(Span<byte> body, BodyForms form)
    {
        var values = new BodyValues(Members);
        if (body.IsEmpty && T.IsOptional)
        {
            return new Body<T>(T.Create(values));
        }

        var problem = form switch
        {
            BodyForms.Json => JsonBody.Read(body, values),
            BodyForms.Form => FormBody.Read(body, values),
            _ => BodyProblems.ContentTypeUnsupported,
        };
        return problem is null && values.TryComplete(out problem) ? new Body<T>(T.Create(values)) : new Body<T>(problem!);
    }
}
