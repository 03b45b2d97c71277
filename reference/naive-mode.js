// The SWAR mode of json-as 1.6.0, its default, tears surrogate pairs apart when it writes strings; the naive mode does
// not. json-as takes the mode from the environment, and asc loads its transforms in order, this one first.
process.env.JSON_MODE = "NAIVE";

export default class {}
