using System.Reflection;
using System.Runtime.CompilerServices;
using Countersign.EntityFrameworkCore.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>One of Identity's tables in the app's model. Each of its rows is an entity, and it has no other rows.</summary>
internal sealed class IdentityTable
{
    private readonly IEntityType _entity;
    private readonly Type _identityType;
    private readonly ITable _table;
    private readonly ISqlGenerationHelper _sql;
    private readonly bool _hasTypes;

    private IdentityTable(DbContext context, IEntityType entity, Type identityType, ITable table)
    {
        _entity = entity;
        _identityType = identityType;
        _table = table;
        _sql = context.GetService<ISqlGenerationHelper>();

        // A column of SQLite accepts values of any type, also if it declares one.
        _hasTypes = !SqliteProvider.Is(context);
    }

    /// <summary>The table's name with its schema, quoted.</summary>
    public string Name => _sql.DelimitIdentifier(_table.Name, _table.Schema);

    /// <summary>Finds the table of an entity that derives from one of Identity's types.</summary>
    /// <param name="context">The context.</param>
    /// <param name="identityType">The full name of Identity's generic type. Its first parameter is the key's type.</param>
    /// <param name="keyType">The type of the key.</param>
    /// <param name="entityType">The entity's type. Null finds the only entity that derives from the type.</param>
    /// <returns>
    /// Null if there is none or more than one, or if a query for the entity reads more than one table: it has a filter or a hierarchy, or comes from a view or
    /// from several tables.
    /// </returns>
    public static IdentityTable? Find(DbContext context, string identityType, Type keyType, Type? entityType = null)
    {
        var entities = context.Model.GetEntityTypes().Where(entity => entityType is null || entity.ClrType == entityType)
            .Select(entity => (Entity: entity, Identity: FindBase(entity.ClrType, identityType, keyType)))
            .Where(static found => found.Identity is not null)
            .ToList();
        return entities is [var (entity, identity)] && FindTable(entity) is { } table ? new IdentityTable(context, entity, identity!, table) : null;
    }

    /// <summary>Finds the column of a property that Identity declares.</summary>
    public string? Column(string property, params ReadOnlySpan<string> storeTypes) =>
        _identityType.GetProperty(property) is { } found ? Column(found, storeTypes) : null;

    /// <summary>Finds a property's column.</summary>
    /// <param name="property">The property.</param>
    /// <param name="storeTypes">The allowed types in a database that has types; none allows any type.</param>
    /// <returns>The column's quoted name; null if the property's value is not exactly the content of a column of the table.</returns>
    public string? Column(PropertyInfo property, params ReadOnlySpan<string> storeTypes) =>
        _entity.FindProperty(property.Name) is { PropertyInfo.GetMethod: { } getter } mapped
            && IsSame(getter, property.GetMethod)
            && getter.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
            && mapped.GetRelationalTypeMapping() is { Converter: null } mapping
            && (!_hasTypes || storeTypes.IsEmpty || storeTypes.Contains(mapping.StoreTypeNameBase))
            && _table.FindColumn(mapped) is { } column
                ? _sql.DelimitIdentifier(column.Name)
                : null;

    /// <summary>The only table that a query for the entities reads, without a filter.</summary>
    private static ITable? FindTable(IEntityType entity) =>
        entity.BaseType is null
            && !entity.GetDirectlyDerivedTypes().Any()
            && entity.FindDiscriminatorProperty() is null
            && entity.GetDeclaredQueryFilters().Count == 0
            && !entity.GetViewMappings().Any()
            && !entity.GetSqlQueryMappings().Any()
            && !entity.GetFunctionMappings().Any()
            && entity.GetTableMappings().ToList() is [{ IsSharedTablePrincipal: not false } mapping]
                ? mapping.Table
                : null;

    /// <summary>
    /// Whether one getter is the other, or overrides it. A getter that hides the other belongs to another property, which Identity does not know.
    /// </summary>
    private static bool IsSame(MethodInfo getter, MethodInfo? other) =>
        other is not null && getter.GetBaseDefinition().HasSameMetadataDefinitionAs(other.GetBaseDefinition());

    private static Type? FindBase(Type? type, string name, Type keyType)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType
                && string.Equals(type.GetGenericTypeDefinition().FullName, name, StringComparison.Ordinal)
                && type.GenericTypeArguments[0] == keyType)
            {
                return type;
            }
        }

        return null;
    }
}
