type Props<Column extends string> = {
  column: Column;
  name: string;
  /** Which column the rows are ordered by, and which way. */
  order: { by: string; isUpwards: boolean };
  onSort: (column: Column) => void;
  /** What stands in the column. */
  title?: string;
  className?: string;
};

/** The heading of a column that a table can be ordered by: a click orders, a second one turns round. */
export function SortHeading<Column extends string>(props: Props<Column>) {
  const { column, name, order, onSort, title, className = 'number' } = props;
  const isSorted = column === order.by;
  return (
    <th
      scope="col"
      className={className}
      aria-sort={!isSorted ? 'none' : order.isUpwards ? 'ascending' : 'descending'}
    >
      <button
        type="button"
        className="sort"
        title={title}
        data-sorted={isSorted ? '' : undefined}
        onClick={() => onSort(column)}
      >
        {name}
        {isSorted && <span aria-hidden="true">{order.isUpwards ? '↑' : '↓'}</span>}
      </button>
    </th>
  );
}
